import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCompiler } from '../../../activities/training/compile-project.js'
import { createTrainerRunner } from '../../../activities/training/run-trainer.js'
import { trainerEnvironment } from '../../../activities/training/trainer-environment.js'
import { requireReadable, trainerUser } from '../../../activities/training/trainer-user.js'
import { ENVIRONMENT_VARIABLES } from '../../../contracts/environment-variables.js'
import { readSecretFiles, SECRET_VARIABLES, withoutSecretsOfFiles } from '../../../contracts/secret-files.js'
import { secretsIn } from '../../support/planted-secrets.js'
import { RESULT, smallProject } from '../../support/small-project.js'

/** All that Slipway reads, but folders of caches; and names that other programs use. */
const OTHERS =
  'TEMPORAL_TLS_CLIENT_KEY_DATA TEMPORAL_ANYTHING SLIPWAY_ANYTHING PGPASSWORD DATABASE_URL GITHUB_TOKEN NPM_TOKEN AWS_PROFILE OPENAI_API_KEY SSH_AUTH_SOCK path NODE_OPTIONS_'
const SECRETS = [...[...ENVIRONMENT_VARIABLES.values()].flat().map(({ name }) => name), ...OTHERS.split(' ')].filter(
  (name) => !['SLIPWAY_CACHE', 'XDG_CACHE_HOME', 'SLIPWAY_TRAINER_VARIABLES', 'SLIPWAY_TRAINER_USER'].includes(name),
)

const worker = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(SECRETS.map((name) => [name, 'secret'])),
  PATH: '/bin',
  HOME: '/home/worker',
  OMP_NUM_THREADS: '2',
  ...more,
})

describe('the environment of a trainer', () => {
  it('is a list of names: nothing else of the worker is in it', () => {
    expect(trainerEnvironment(worker())).toEqual({ PATH: '/bin', HOME: '/home/worker', OMP_NUM_THREADS: '2' })
  })

  it('leaves out an address with a user or a password', () => {
    const more = { HTTPS_PROXY: 'http://me:secret@proxy:3128', PIP_INDEX_URL: 'https://token@index/simple' }
    expect(trainerEnvironment(worker({ ...more, HTTP_PROXY: 'http://proxy:3128/?to=a@b' }))).toEqual({
      PATH: '/bin',
      HOME: '/home/worker',
      OMP_NUM_THREADS: '2',
      HTTP_PROXY: 'http://proxy:3128/?to=a@b',
    })
  })

  it('has the variables that an operator names', () => {
    const named = { SLIPWAY_TRAINER_VARIABLES: 'HF_TOKEN, FEED_URL', HF_TOKEN: 'hf', FEED_URL: 'ftp://a:b@feed' }
    expect(trainerEnvironment(worker(named))).toMatchObject({ HF_TOKEN: 'hf', FEED_URL: 'ftp://a:b@feed' })
  })

  it.each(['SLIPWAY_DATABASE_URL', 'SLIPWAY_WEBHOOK_SECRET', 'TEMPORAL_API_KEY', 'AWS_SECRET_ACCESS_KEY'])(
    'never has %s',
    (name) => {
      const refused = () => trainerEnvironment(worker({ SLIPWAY_TRAINER_VARIABLES: `HF_TOKEN,${name}` }))
      expect(refused).toThrow(`SLIPWAY_TRAINER_VARIABLES names ${name}`)
    },
  )
})

const COMMAND_TRAINER = pathToFileURL(
  join(fileURLToPath(new URL('../../..', import.meta.url)), 'projects', 'kit', 'command-trainer.ts'),
).href

const INDEX = `import { writeFileSync } from 'node:fs'
import { commandTrainer } from '${COMMAND_TRAINER}'
const python = commandTrainer({ command: 'python3', args: ['train.py'], cwd: new URL('.', import.meta.url) })
export const project = { async train(request, onProgress) {
  if (request.parameters.python) return python(request, onProgress)
  const text = JSON.stringify(process.env)${RESULT}
} }`

const PYTHON = `import json, os, sys
job = json.load(open(sys.argv[-1]))
json.dump(dict(os.environ), open(job["outFolder"] + "/model.txt", "w"))
policy = {"version": "v1", "parameters": {}}
result = {"schema": "slipway.training_result/1", "artifact": "model.txt", "format": "text/1", "kind": "text",
          "featureVersion": "v1", "actionPolicy": policy, "metrics": {}}
json.dump(result, open(job["outFolder"] + "/result.json", "w"))`

describe('the process of a trainer', () => {
  const before = { ...process.env }
  beforeAll(() => {
    for (const name of SECRETS) process.env[name] ??= 'secret'
  })
  afterAll(() => {
    for (const name of SECRETS) if (before[name] === undefined) delete process.env[name]
  })

  const fromSources = `${INDEX}\nexport const other = (name) => import(name)`

  const run = async (index: string, parameters: { python?: boolean }) => {
    const small = await smallProject({ 'index.ts': index, 'train.py': PYTHON })
    try {
      const trained = await small.train(createTrainerRunner(small.workFolder), parameters)
      if ('error' in trained) throw trained.error
      const seen = JSON.parse(await readFile(trained.result.artifactFile, 'utf8')) as Record<string, string>
      return { seen, compiled: await createCompiler(small.workFolder)(small.folder) }
    } finally {
      small.close()
    }
  }

  it('has exactly the listed variables, compiled or from its sources', async () => {
    const [compiled, other] = [await run(INDEX, {}), await run(fromSources, {})]
    expect([compiled.compiled !== undefined, other.compiled !== undefined]).toEqual([true, false])
    for (const { seen } of [compiled, other]) {
      expect(seen).toEqual(trainerEnvironment(process.env))
      expect(Object.values(seen)).not.toContain('secret')
    }
  })

  it.each([
    ['compiled', INDEX],
    ['from sources', fromSources],
  ])('in Python has no variable that is not listed: %s', async (_, index) => {
    const { seen } = await run(index, { python: true })
    expect(seen).toMatchObject({ HOME: process.env.HOME, PYTHONUNBUFFERED: '1' })
    expect(Object.keys(seen).filter((name) => SECRETS.includes(name))).toEqual([])
    expect(Object.values(seen)).not.toContain('secret')
  })
})

/** Writes down whatever it can read of other processes, and of files below a folder. */
const CURIOUS = `import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
const read = (path) => { try { return readFileSync(path, 'utf8') } catch (error) { return '' } }
const list = (path, options) => { try { return readdirSync(path, options) } catch (error) { return [] } }
const link = (path) => { try { return readlinkSync(path) } catch (error) { return '' } }
export const project = { async train(request) {
  const processes = readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name))
  const seen = processes.flatMap((pid) => {
    const of = '/proc/' + pid
    const open = list(of + '/fd').flatMap((fd) => link(of + '/fd/' + fd).startsWith(request.parameters.folder) ? [read(of + '/fd/' + fd)] : [])
    return [read(of + '/environ'), read(of + '/cmdline'), ...open]
  })
  const files = list(request.parameters.folder, { recursive: true }).map((name) => read(request.parameters.folder + '/' + name))
  const text = JSON.stringify({ uid: process.getuid(), home: process.env.HOME, own: process.env, seen, files })${RESULT}
} }`
const isRoot = process.getuid?.() === 0
const OTHER_USER = '65534:65534'

describe('a trainer that looks for secrets', () => {
  // Keys of S3, the database's address, the secrets of webhook, identity and sessions, keys of payloads.
  const named = [...SECRET_VARIABLES, 'SLIPWAY_PAYLOAD_KEYS']
  const secrets = (where: string) =>
    Object.fromEntries(named.map((name) => [`${name} in ${where}`, `${where}-${name}`]))
  const [inEnvironment, inFiles] = [secrets('environment'), secrets('file')]
  const folder = mkdtempSync(join(tmpdir(), 'slipway-secret-'))
  const files = Object.values(inFiles).map((value) => join(folder, value.replace('file-', '')))
  const [file = ''] = files
  for (const [index, value] of Object.values(inFiles).entries())
    writeFileSync(files[index] ?? '', value, { mode: 0o600 })
  chmodSync(folder, 0o755)
  // As a worker's environment and open files: those of this process were not given to it when it started.
  const worker = spawn('sleep', ['600'], {
    env: Object.fromEntries(named.map((name) => [name, `environment-${name}`])),
    stdio: ['ignore', 'ignore', openSync(file, 'r')],
  })
  afterAll(() => {
    worker.kill('SIGKILL')
    delete process.env.SLIPWAY_TRAINER_USER
    rmSync(folder, { recursive: true, force: true })
  })

  const look = async (as: string) => {
    const small = await smallProject({ 'index.ts': CURIOUS })
    process.env.SLIPWAY_TRAINER_USER = as
    try {
      chmodSync(small.workFolder, 0o755)
      const trained = await small.train(createTrainerRunner(small.workFolder), { folder })
      if ('error' in trained) throw trained.error
      return await readFile(trained.result.artifactFile, 'utf8')
    } finally {
      small.close()
    }
  }
  /** Sources in a closed folder, such as root's own, cannot be read by another user at all. */
  const open = () =>
    requireReadable({ uid: 65_534, gid: 65_534 }, [fileURLToPath(import.meta.url)]).then(
      () => true,
      () => false,
    )

  it.skipIf(!isRoot)('finds none where it runs as another user; as the same user it would find both', async () => {
    if (!(await open())) return console.warn('skipped: the sources are in a folder that is closed to other users')
    const found = await look(OTHER_USER)
    expect(JSON.parse(found)).toMatchObject({ uid: 65_534, home: expect.stringMatching(/trainer-home$/) as string })
    expect(secretsIn(found, { ...inEnvironment, ...inFiles })).toEqual([])
    const same = await look('')
    expect(secretsIn(same, { ...inEnvironment, ...inFiles })).toHaveLength(2 * named.length)
    expect(secretsIn(JSON.stringify(JSON.parse(same).own), inEnvironment)).toEqual([])
  })

  it('is refused where it cannot be another user, or that user cannot read what it needs', async () => {
    const of = (text: string, own: number) => () => trainerUser({ SLIPWAY_TRAINER_USER: text }, own)
    expect(of('', 1_000)()).toBeUndefined()
    expect(of('65534', 0)()).toEqual({ uid: 65_534, gid: 65_534 })
    for (const text of ['daemon', '0', '0:5', '5:0', '1:2:3', '-1'])
      expect(of(text, 0), text).toThrow('write the numbers')
    expect(of(OTHER_USER, 1_000)).toThrow('only a worker of user root')
    if (isRoot && (await open()))
      await expect(requireReadable({ uid: 65_534, gid: 65_534 }, [file])).rejects.toThrow(`65534 cannot read ${file}`)
  })
})

describe('a secret in a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-secret-'))
  const file = join(folder, 'key')
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('is the value of its variable, and a child gets the name of the file only', () => {
    writeFileSync(file, 'from-a-file\n')
    const env: NodeJS.ProcessEnv = { AWS_SECRET_ACCESS_KEY_FILE: file, AWS_SECRET_ACCESS_KEY: '', SLIPWAY_TOKEN: 't' }
    readSecretFiles(env)
    expect(env.AWS_SECRET_ACCESS_KEY).toBe('from-a-file')
    expect(withoutSecretsOfFiles(env)).toEqual({ AWS_SECRET_ACCESS_KEY_FILE: file, SLIPWAY_TOKEN: 't' })
    expect(() => trainerEnvironment({ SLIPWAY_TRAINER_VARIABLES: 'AWS_SECRET_ACCESS_KEY_FILE' })).toThrow('Slipway')
  })

  it('that is absent, empty or given twice is refused with the name of its variable', () => {
    writeFileSync(file, '\n')
    const of = (env: NodeJS.ProcessEnv) => () => readSecretFiles(env)
    expect(of({ SLIPWAY_TOKEN_FILE: file })).toThrow(`SLIPWAY_TOKEN_FILE is "${file}", which is empty`)
    expect(of({ SLIPWAY_TOKEN_FILE: '/nowhere' })).toThrow('"/nowhere", which cannot be read (ENOENT)')
    expect(of({ SLIPWAY_TOKEN_FILE: file, SLIPWAY_TOKEN: 'x' })).toThrow('are both set')
  })
})
