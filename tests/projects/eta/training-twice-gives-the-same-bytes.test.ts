import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runTrainer } from '../../../activities/training/run-trainer.js'
import { project } from '../../../projects/eta/index.js'
import type { SnapshotDraft, TrainRequest, TrainResult } from '../../../projects/project.js'
import { at, csvOf, DAYS, type Folder, flightsOf, openFolder } from './flights.js'

let folder: Folder
let draft: SnapshotDraft
beforeAll(async () => {
  folder = openFolder()
  draft = await folder.snapshot(folder.write('flights.csv', csvOf(flightsOf())), at(DAYS))
})
afterAll(() => folder.remove())

const HOUR_MS = 3_600_000

/** In a process of its own, as a release is trained. */
async function train(request: TrainRequest): Promise<TrainResult> {
  const limits = { timeMs: HOUR_MS, silenceMs: HOUR_MS, bytes: 1024 ** 3 }
  const outputFile = join(folder.path, `${basename(request.outFolder)}.log`)
  const { signal } = new AbortController()
  const job = { folder: fileURLToPath(project.folder), request }
  const trained = await runTrainer(job, { signal, limits, outputFile, onProgress: () => {} })
  if ('error' in trained) throw trained.error
  return trained.result
}

async function bytesOf(seed: number): Promise<string> {
  const request = { ...folder.request(draft, { epochs: 2, batchSize: 128 }), seed }
  const { artifactFile } = await train(request)
  return readFile(artifactFile, 'utf8')
}

describe('the same snapshot, seed and parameters', () => {
  it('give the same artifact to the byte in two processes; another seed gives another', async () => {
    const [first, again, other] = await Promise.all([bytesOf(7), bytesOf(7), bytesOf(8)])
    expect(again).toBe(first)
    expect(other).not.toBe(first)
  })
})

describe('parameters that make no sense are refused by name and value, before anything is learned', () => {
  it.each([
    [{ epochs: 0 }, /parameters of eta: epochs is 0/],
    [{ epochs: 'many' }, /epochs is "many"/],
    [{ lerningRate: 0.1 }, /lerningRate.*\(there are .*epochs/],
    [{ leak: 'everything' }, /leak is "everything"/],
  ])('%j', async (parameters, message) => {
    await expect(train(folder.request(draft, parameters))).rejects.toMatchObject({
      type: 'BadRequest',
      message: expect.stringMatching(message) as string,
    })
  })

  it('a history in which nothing was late teaches nothing: says so', async () => {
    const rows = flightsOf().map(([time, , ...rest]) => [time, 0, ...rest])
    const calm = await folder.snapshot(folder.write('calm.csv', csvOf(rows)), at(DAYS))
    await expect(train(folder.request(calm))).rejects.toMatchObject({
      type: 'BadData',
      message: expect.stringMatching(/flights for learning, 0 of them late; name a later cutoff/) as string,
    })
  })
})
