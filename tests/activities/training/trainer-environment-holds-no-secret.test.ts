import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCompiler } from '../../../activities/training/compile-project.js'
import { createTrainerRunner } from '../../../activities/training/run-trainer.js'
import { trainerEnvironment } from '../../../activities/training/trainer-environment.js'
import { ENVIRONMENT_VARIABLES } from '../../../contracts/environment-variables.js'
import { RESULT, smallProject } from '../../support/small-project.js'

/** All that Slipway reads, but folders of caches; and names that other programs use. */
const OTHERS =
  'TEMPORAL_TLS_CLIENT_KEY_DATA TEMPORAL_ANYTHING SLIPWAY_ANYTHING PGPASSWORD DATABASE_URL GITHUB_TOKEN NPM_TOKEN AWS_PROFILE OPENAI_API_KEY SSH_AUTH_SOCK path NODE_OPTIONS_'
const SECRETS = [...[...ENVIRONMENT_VARIABLES.values()].flat().map(({ name }) => name), ...OTHERS.split(' ')].filter(
  (name) => !['SLIPWAY_CACHE', 'XDG_CACHE_HOME', 'SLIPWAY_TRAINER_VARIABLES'].includes(name),
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
