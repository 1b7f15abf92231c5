import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runTrainer } from '../../../activities/training/run-trainer.js'
import type { SnapshotDraft } from '../../../projects/project.js'
import { at, csvOf, DAYS, type Folder, flightsOf, openFolder } from './flights.js'

let folder: Folder
let draft: SnapshotDraft
beforeAll(async () => {
  folder = openFolder()
  draft = await folder.snapshot(folder.write('flights.csv', csvOf(flightsOf())), at(DAYS))
})
afterAll(() => folder.remove())

/** In a process of its own, as a release is trained. */
async function bytesOf(seed: number): Promise<string> {
  const request = { ...folder.request(draft, { epochs: 2, batchSize: 128 }), seed }
  const signal = new AbortController().signal
  const { artifactFile } = await runTrainer({ project: 'eta', request }, { signal, onProgress: () => {} })
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
    const request = folder.request(draft, parameters)
    const signal = new AbortController().signal
    const training = runTrainer({ project: 'eta', request }, { signal, onProgress: () => {} })
    await expect(training).rejects.toMatchObject({
      type: 'BadRequest',
      message: expect.stringMatching(message) as string,
    })
  })

  it('a history in which nothing was late teaches nothing: says so', async () => {
    const rows = flightsOf().map(([time, , ...rest]) => [time, 0, ...rest])
    const calm = await folder.snapshot(folder.write('calm.csv', csvOf(rows)), at(DAYS))
    const signal = new AbortController().signal
    const training = runTrainer({ project: 'eta', request: folder.request(calm) }, { signal, onProgress: () => {} })
    await expect(training).rejects.toMatchObject({
      type: 'BadData',
      message: expect.stringMatching(/flights for learning, 0 of them late; name a later cutoff/) as string,
    })
  })
})
