/** A small repository with the real `bin`, whose sources are changed between runs. */
import { execFile } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
let folder: string
let compiled: string

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-sources-')))
  compiled = join(folder, 'dist', 'compiled')
  for (const part of ['bin', 'package.json', 'tsconfig.json']) {
    cpSync(join(ROOT, part), join(folder, part), { recursive: true })
  }
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction')
  write('answer.ts', 'export const answer: number = 1\n')
  write('main.ts', "import { answer } from './answer.js'\nconsole.log(answer, process.argv.slice(1).join(' '))\n")
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const write = (name: string, text: string) => writeFileSync(join(folder, name), text)
const run = async (...args: string[]) =>
  (await promisify(execFile)(process.execPath, [join(folder, 'bin', 'run.js'), ...args], { cwd: folder })).stdout.trim()

it('a source that changed runs as it is now, also when its size and times are those of before', async () => {
  const main = join(folder, 'main.ts')
  expect(await run('main.ts', 'argument')).toBe(`1 ${main} argument`)
  expect(readdirSync(compiled)).toHaveLength(1)
  const { atime, mtime } = statSync(join(folder, 'answer.ts'))
  write('answer.ts', 'export const answer: number = 2\n')
  utimesSync(join(folder, 'answer.ts'), atime, mtime)
  expect(await run('main.ts')).toBe(`2 ${main}`)
  write('answer.ts', 'export const answer: number = 1\n')
  expect(await run('main.ts')).toBe(`1 ${main}`)
  expect(readdirSync(compiled)).toHaveLength(2)
})

it('where nothing can be written, and beside a source with a syntax error, it runs uncompiled', async () => {
  write('unfinished.ts', 'export const =\n')
  expect(await run('main.ts')).toMatch(/^1 /)
  expect(existsSync(compiled) ? readdirSync(compiled) : []).toEqual([])
  rmSync(join(folder, 'unfinished.ts'))
  rmSync(join(folder, 'dist'), { recursive: true, force: true })
  // A file in the place of the folder: permissions do not stop root.
  write('dist', '')
  expect(await run('main.ts')).toMatch(/^1 /)
})

it('code finds the files beside its source, and an error names the line of the source', async () => {
  write('main.ts', "interface Unused {\n  a: number\n}\nthrow new Error(new URL('.', import.meta.url).pathname)\n")
  const failed = await run('main.ts').catch(({ stderr }: { stderr: string }) => stderr)
  expect(readdirSync(compiled)).toHaveLength(1)
  expect(failed).toContain(`Error: ${folder}/\n`)
  expect(failed).toContain(`${join(folder, 'main.ts')}:4:`)
})

it('a project elsewhere gets the modules that run, not a second copy of them', async () => {
  mkdirSync(join(folder, 'projects', 'own'), { recursive: true })
  cpSync(join(ROOT, 'projects', 'import-project.ts'), join(folder, 'projects', 'import-project.ts'))
  write('projects/kit.ts', 'export const shared: object = {}\n')
  write('projects/own/index.ts', "export { shared as project } from '../kit.js'\n")
  write(
    'main.ts',
    `import { importProject } from './projects/import-project.js'
import { shared } from './projects/kit.js'
const own = (await importProject(process.argv[2])) as { project: object }
console.log(own.project === shared)
`,
  )
  const elsewhere = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-elsewhere-')))
  try {
    mkdirSync(join(elsewhere, 'node_modules'))
    symlinkSync(folder, join(elsewhere, 'node_modules', 'slipway'), 'junction')
    writeFileSync(join(elsewhere, 'package.json'), '{ "type": "module" }')
    writeFileSync(
      join(elsewhere, 'index.ts'),
      "import { mine } from './mine.js'\nexport const project: object = mine\n",
    )
    writeFileSync(join(elsewhere, 'mine.ts'), "export { shared as mine } from 'slipway/kit'\n")
    for (const project of [join(folder, 'projects', 'own', 'index.ts'), join(elsewhere, 'index.ts')]) {
      expect(await run('main.ts', project)).toBe('true')
    }
    expect(readdirSync(compiled)).toHaveLength(1)
  } finally {
    rmSync(elsewhere, { recursive: true, force: true })
  }
})

it('compiled sources of before are removed once no process runs from them', async () => {
  const old = ['left', 'in-use']
  for (const name of old) mkdirSync(join(compiled, name, 'used-by'), { recursive: true })
  writeFileSync(join(compiled, 'in-use', 'used-by', String(process.pid)), '')
  for (const name of old) utimesSync(join(compiled, name), new Date(0), new Date(0))
  await run('main.ts')
  const left = readdirSync(compiled)
  expect(left).toHaveLength(2)
  expect(left).toContain('in-use')
})
