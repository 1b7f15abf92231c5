import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { trainingJob } from '../../../contracts/schemas/index.js'
import type { TrainingJob, TrainProgress } from '../../../contracts/types.js'
import { type CommandTrainer, commandTrainer } from '../../../projects/kit/command-trainer.js'
import type { TrainRequest } from '../../../projects/project.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-command-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const snapshot: TrainRequest['snapshot'] = {
  schema: 'slipway.snapshot/1',
  project: 'parcels',
  source: { name: 'none', files: [{ name: 'none', sha256: `sha256:${'0'.repeat(64)}`, bytes: 0 }] },
  cutoff: '2001-03-01T00:00:00.000Z',
  days: { first: '2001-01-01', last: '2001-02-28' },
  rows: 3,
  labelled: 3,
  censored: 0,
  rejected: [],
  columns: [{ name: 'x', type: 'number' }],
  data: `sha256:${'1'.repeat(64)}`,
}

/** Runs a program written in JavaScript: any language would do. `job` and `out` are there for it. */
async function run(name: string, source: string, options: Partial<CommandTrainer> = {}) {
  const own = join(folder, name.replaceAll(' ', '-'))
  const request = {
    snapshot,
    dataFile: join(own, 'rows.csv'),
    outFolder: join(own, 'out'),
    checkpointFolder: join(own, 'checkpoint'),
    seed: 7,
    parameters: { depth: 3, fast: true },
  }
  for (const made of [own, request.outFolder, request.checkpointFolder]) mkdirSync(made)
  const head = `const { readFileSync, writeFileSync } = require('node:fs'); const { join } = require('node:path')
    const job = JSON.parse(readFileSync(process.argv.at(-1), 'utf8')); const out = (file) => join(job.outFolder, file)`
  writeFileSync(join(own, 'train.cjs'), `${head}\n${source}`)
  const progress: TrainProgress[] = []
  const trainer = { command: process.execPath, args: ['train.cjs'], cwd: pathToFileURL(`${own}/`), ...options }
  const result = await commandTrainer(trainer)(request, (news) => progress.push(news))
  return { result, progress, request }
}

const problemOf = (...args: Parameters<typeof run>) =>
  run(...args).then(
    () => ({ type: 'none', message: 'it trained' }),
    (error: { type: string; message: string }) => ({ type: error.type, message: error.message }),
  )

const RESULT = {
  schema: 'slipway.training_result/1',
  artifact: 'model.bin',
  format: 'bytes/1',
  kind: 'bytes',
  featureVersion: 'v1',
  actionPolicy: { version: 'v1', parameters: { threshold: 0.5 } },
  metrics: { rows: 3 },
}
const write = (result: object) => `writeFileSync(out('result.json'), ${JSON.stringify(JSON.stringify(result))})`

describe('a program as a trainer', () => {
  it('gets a job file, reports progress, and its files are the result', async () => {
    const source = `writeFileSync(out('seen.json'), JSON.stringify({ job, set: process.env.SET, unbuffered: process.env.PYTHONUNBUFFERED }))
      console.log('{"progress": {"epoch": 1, "epochs": 2, "loss": 0.5, "rowsPerSecond": 9000}}')
      console.log('{"progress": {"epoch": "one"}}'); console.log('{"progress"'); console.log('chatter')
      console.log('{"result": {"artifactFile": "/etc/passwd"}}')
      writeFileSync(out('model.bin'), 'weights'); ${write(RESULT)}`
    const { result, progress, request } = await run('good', source, { env: { SET: 'by the project' } })
    const { schema: _, artifact: __, ...rest } = RESULT
    expect(result).toEqual({ ...rest, artifactFile: join(request.outFolder, 'model.bin') })
    expect(progress).toEqual([{ epoch: 1, epochs: 2, loss: 0.5, rowsPerSecond: 9000 }])
    const seen = JSON.parse(readFileSync(join(request.outFolder, 'seen.json'), 'utf8')) as { job: TrainingJob }
    expect(seen).toEqual({
      job: { schema: 'slipway.training_job/1', ...request },
      set: 'by the project',
      unbuffered: '1',
    })
    expect(trainingJob.parse(seen.job)).toEqual(seen.job)
  })

  it('that exits with 65 reports bad data', async () => {
    const { type, message } = await problemOf('bad data', 'process.exit(65)')
    expect(type).toBe('BadData')
    expect(message).toContain('train.cjs cannot train on this data (exit code 65)')
  })

  it.each([
    ['exit code', 'process.exit(3)', /train\.cjs ended with exit code 3$/],
    ['signal', "process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1000)", /train\.cjs ended with SIGKILL$/],
  ])('that ends with another %s crashed', async (name, source, problem) => {
    const { type, message } = await problemOf(`crash ${name}`, source)
    expect(type).toBe('TrainerFailed')
    expect(message).toMatch(problem)
  })

  it.each([
    ['wrote none', '', /ended with exit code 0 but wrote no result\.json into the output folder$/],
    ['wrote no JSON', `writeFileSync(out('result.json'), '{"schema":')`, /its result\.json is not JSON: /],
    ['forgot a field', write({ ...RESULT, format: undefined }), /its result\.json is invalid: format: /],
    ['has NaN for a metric', write({ ...RESULT, metrics: { loss: Number.NaN } }), /is invalid: metrics\.loss: /],
  ])('that ends well but %s broke the contract', async (name, source, problem) => {
    const { type, message } = await problemOf(`broke ${name}`, source)
    expect(type).toBe('TrainerMisbehaved')
    expect(message).toMatch(problem)
  })

  it('that does not exist is an error', async () => {
    const { type, message } = await problemOf('missing', '', { command: 'no-such-program-anywhere' })
    expect(type).toBe('TrainerMisbehaved')
    expect(message).toContain('no-such-program-anywhere train.cjs cannot be started')
  })
})
