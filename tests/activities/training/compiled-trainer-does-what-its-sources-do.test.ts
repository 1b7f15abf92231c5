import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCompiler } from '../../../activities/training/compile-project.js'
import { removeUnused } from '../../../activities/training/compiled-folders.js'
import { createTrainerRunner } from '../../../activities/training/run-trainer.js'
import { writeProject } from '../../../cli/runtime/write-project.js'
import { project as forecast } from '../../../projects/forecast/index.js'
import { smallWorld, testFolder } from '../../projects/forecast/demand-files.js'
import { RESULT, smallProject } from '../../support/small-project.js'
import { trainInChildProcess } from '../../support/train-in-child-process.js'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const KIT = pathToFileURL(join(ROOT, 'projects', 'kit.ts')).href

const world = testFolder()
const opened: (() => void)[] = []
afterAll(() => {
  for (const close of opened) close()
})

let home: string
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'slipway-compiled-'))
  opened.push(() => rmSync(home, { recursive: true, force: true }))
})

async function open(files: Readonly<Record<string, string>>) {
  const small = await smallProject(files)
  opened.push(small.close)
  return small
}

const trainer = (text: string, head = '') => `import { writeFileSync } from 'node:fs'
${head}
export const project = { async train(request) {
  const text = ${text}${RESULT}
} }`

async function wordsOf(trained: Awaited<ReturnType<Awaited<ReturnType<typeof open>>['train']>>): Promise<string> {
  if ('error' in trained) throw trained.error
  return readFile(trained.result.artifactFile, 'utf8')
}

describe('a project is compiled', () => {
  const shipped = readdirSync(join(ROOT, 'projects'), { withFileTypes: true })
    .filter((item) => item.isDirectory() && item.name !== 'kit')
    .map(({ name }) => join('projects', name))

  it.each([...shipped, 'examples/python-late', 'tests/toy-project', 'tests/unruly-project'])('%s', async (folder) => {
    expect(await createCompiler(home)(join(ROOT, folder))).toMatchObject({ digest: expect.any(String) })
  })

  it('outside of the repository, as slipway project new writes it', async () => {
    const { folder } = await writeProject('parcels', home)
    expect(await createCompiler(home)(folder)).toMatchObject({ digest: expect.any(String) })
  })

  it('once, and again after any file that it imports has changed', async () => {
    const small = await open({ 'index.ts': trainer('word', `import { word } from '../word.js'`) })
    const word = join(small.workFolder, 'word.ts')
    await writeFile(word, `export const word: string = 'one'`)
    const [run, compile] = [createTrainerRunner(small.workFolder), createCompiler(join(small.workFolder, 'trainers'))]
    expect(await wordsOf(await small.train(run))).toBe('one')
    const first = await compile(small.folder)
    expect(await compile(small.folder)).toEqual(first)
    await writeFile(word, `export const word: string = 'two'`)
    expect(await wordsOf(await small.train(run))).toBe('two')
    expect((await compile(small.folder))?.digest).not.toBe(first?.digest)
  })
})

describe('compiled code', () => {
  const DAY_MS = 24 * 3_600_000

  it('that no worker has used for a week is removed, and is there again when it is needed', async () => {
    const small = await open({ 'index.ts': trainer(`'words'`) })
    const target = join(small.workFolder, 'trainers')
    const compile = createCompiler(target)
    const first = await compile(small.folder)
    await removeUnused(target, Date.now() + 6 * DAY_MS)
    expect(existsSync(first?.program ?? '')).toBe(true)
    await removeUnused(target, Date.now() + 8 * DAY_MS)
    expect(existsSync(first?.program ?? '')).toBe(false)
    expect(await compile(small.folder)).toEqual(first)
    expect(existsSync(first?.program ?? '')).toBe(true)
  })

  it('that is used stays', async () => {
    const small = await open({ 'index.ts': trainer(`'words'`) })
    const target = join(small.workFolder, 'trainers')
    const compile = createCompiler(target)
    const { program } = (await compile(small.folder)) ?? { program: '' }
    const longAgo = new Date(Date.now() - 30 * DAY_MS)
    await utimes(dirname(program), longAgo, longAgo)
    await compile(small.folder)
    await removeUnused(target)
    expect(existsSync(program)).toBe(true)
  })
})

describe('a compiled trainer', () => {
  it('finds the files beside each of its sources, and is the module that its project imports', async () => {
    const small = await open({
      'index.ts': trainer(
        'JSON.stringify([beside, deeper, SlipwayError.name])',
        [
          `import { readFileSync } from 'node:fs'; import { SlipwayError } from '${KIT}'; import { deeper } from './deeper/read.ts'`,
          `const beside = readFileSync(new URL('./words.txt', import.meta.url), 'utf8')`,
        ].join('\n'),
      ),
      'words.txt': 'beside',
    })
    await mkdir(join(small.folder, 'deeper'))
    await small.write('deeper/words.txt', 'deeper')
    await small.write(
      'deeper/read.ts',
      `import { readFileSync } from 'node:fs'
      export const deeper: string = readFileSync(new URL('./words.txt', import.meta.url), 'utf8')`,
    )
    expect(await createCompiler(home)(small.folder)).toBeDefined()
    expect(JSON.parse(await wordsOf(await small.train()))).toEqual(['beside', 'deeper', 'SlipwayError'])
  })

  it('that fails names its sources and their lines, and what its project refuses stays a refusal', async () => {
    const source = `import { SlipwayError } from '${KIT}'
export const project = {
  async train({ parameters }: { parameters: { refuse?: boolean } }) {
    if (parameters.refuse) throw new SlipwayError('BadData', 'no rows')
    const nothing: unknown[] = []
    throw new Error(\`lost \${nothing.length}\`)
  },
}`
    const small = await open({ 'index.ts': source })
    const lost = await small.train()
    const at = expect.stringMatching(/^Error: lost 0\n {4}at .*[\\/]project[\\/]index\.ts:6:11\)?\n/)
    expect(lost).toMatchObject({ error: { type: 'TrainerFailed', message: at } })
    expect(await small.train(undefined, { refuse: true })).toMatchObject({
      error: { type: 'BadData', message: 'no rows' },
    })
  })

  it('of a project that cannot be loaded says which', async () => {
    const small = await open({ 'index.ts': `throw new Error('no licence')\nexport const project = {}` })
    const message = `project ${join(small.folder, 'index.ts')} cannot be loaded: no licence`
    expect(await small.train()).toMatchObject({ error: { type: 'BadRequest', message } })
  })

  it('gives the bytes that its sources give in this process', async () => {
    const source = await smallWorld(world)
    const requested = async (out: string) => {
      const outFolder = join(home, out)
      await mkdir(outFolder)
      const { manifest, dataFile } = await forecast.importSnapshot({
        source,
        cutoff: Date.parse('2023-03-06T00:00:00Z'),
        outFolder,
      })
      const data = `sha256:${'0'.repeat(64)}`
      const snapshot = { ...manifest, schema: 'slipway.snapshot/1' as const, project: 'forecast', data }
      const checkpointFolder = join(outFolder, 'checkpoint')
      await mkdir(checkpointFolder)
      return { snapshot, dataFile, outFolder, checkpointFolder, seed: 7, parameters: { rows: 3_000, epochs: 2 } }
    }
    const [here, there] = [await requested('here'), await requested('there')]
    const fromSources = await forecast.train(here, () => {})
    await mkdir(join(home, 'work'))
    const compiled = await trainInChildProcess(forecast, there)
    expect(await readFile(compiled.artifactFile)).toEqual(await readFile(fromSources.artifactFile))
    expect(compiled.metrics).toEqual(fromSources.metrics)
  })
})

describe('a project starts from its sources when it', () => {
  it.each([
    ['names a module while it runs', `const name = 'words'; const { words } = await import(\`./\${name}.ts\`)`],
    ['asks where its file is in another way', `const words = import.meta.dirname.endsWith('project') ? 'words' : ''`],
    [
      'starts a thread from a file',
      `import { Worker } from 'node:worker_threads'; import { words } from './words.ts'
      export const start = () => new Worker(new URL('./words.ts', import.meta.url))`,
    ],
  ])('%s', async (_, head) => {
    const small = await open({ 'index.ts': trainer('words', head), 'words.ts': `export const words: string = 'words'` })
    expect(await createCompiler(home)(small.folder)).toBeUndefined()
    expect(await wordsOf(await small.train())).toBe('words')
  })

  it('has an error that the compiler finds: the trainer reports it', async () => {
    const small = await open({ 'index.ts': `import { words } from './nowhere.js'\nexport const project = words` })
    const message = expect.stringMatching(/^project .*index\.ts cannot be loaded: .*nowhere/)
    expect(await small.train()).toMatchObject({ error: { type: 'BadRequest', message } })
  })
})
