import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { project } from '../../../projects/eta/index.js'
import type { SnapshotDraft, TrainRequest } from '../../../projects/project.js'
import { trainInChildProcess } from '../../support/train-in-child-process.js'
import { at, csvOf, DAYS, type Folder, flightsOf, openFolder } from './flight-files.js'

let folder: Folder
let draft: SnapshotDraft
beforeAll(async () => {
  folder = openFolder()
  draft = await folder.snapshot(folder.write('flights.csv', csvOf(flightsOf())), at(DAYS))
})
afterAll(() => folder.remove())

const train = (request: TrainRequest) => trainInChildProcess(project, request)

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

describe('invalid parameters are refused by name and value, before training', () => {
  it.each([
    [{ epochs: 0 }, /parameters of eta: epochs is 0/],
    [{ epochs: 'many' }, /epochs is "many"/],
    [{ lerningRate: 0.1 }, /lerningRate.*\(known parameters: .*epochs/],
    [{ leak: 'everything' }, /leak is "everything"/],
  ])('%j', async (parameters, message) => {
    await expect(train(folder.request(draft, parameters))).rejects.toMatchObject({
      type: 'BadRequest',
      message: expect.stringMatching(message) as string,
    })
  })

  it('a history without late flights is refused: it cannot be trained on', async () => {
    const rows = flightsOf().map(([time, , ...rest]) => [time, 0, ...rest])
    const calm = await folder.snapshot(folder.write('calm.csv', csvOf(rows)), at(DAYS))
    await expect(train(folder.request(calm))).rejects.toMatchObject({
      type: 'BadData',
      message: expect.stringMatching(/flights for training, 0 of them late; give a later cutoff/) as string,
    })
  })
})
