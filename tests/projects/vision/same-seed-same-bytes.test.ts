import { readFile } from 'node:fs/promises'
import { beforeAll, expect, it } from 'vitest'
import { sha256 } from '../../../contracts/canonical.js'
import type { TrainProgress } from '../../../contracts/types.js'
import type { TrainRequest } from '../../../projects/project.js'
import { project } from '../../../projects/vision/index.js'
import { trainInChildProcess } from '../../support/train-in-child-process.js'
import { folder, goodScenes, type Imported, importFolder, parcelFolder, trainRequest } from './parcel-folders.js'

let source: string
let imported: Imported
beforeAll(async () => {
  source = await parcelFolder(goodScenes(150))
  imported = await importFolder(source)
}, 60_000)

/** In a process of its own, as releases train. */
async function trained(
  request: TrainRequest,
  onProgress: (progress: TrainProgress) => void = () => {},
  stop?: AbortSignal,
) {
  const { artifactFile } = await trainInChildProcess(project, request, {
    onProgress,
    ...(stop ? { signal: stop } : {}),
  })
  return sha256(await readFile(artifactFile))
}

it('the same photos give the same snapshot, byte for byte', async () => {
  const again = await importFolder(source)
  expect(sha256(await readFile(again.dataFile))).toBe(sha256(await readFile(imported.dataFile)))
  expect(again.snapshot).toEqual(imported.snapshot)
})

it('two processes, and one that was killed and resumed, train the same bytes; another seed does not', async () => {
  const parameters = { epochs: 2 }
  const request = () => trainRequest(imported, parameters)
  const [one, two, other] = [
    await trained(request()),
    await trained(request()),
    await trained({ ...request(), seed: 8 }),
  ]
  expect(two).toBe(one)
  expect(other).not.toBe(one)

  const checkpointFolder = folder()
  const stop = new AbortController()
  const epochs: number[] = []
  const killedAfterFirst = ({ epoch }: TrainProgress) => {
    epochs.push(epoch)
    stop.abort(new Error('killed'))
  }
  const resumable = () => trainRequest(imported, parameters, checkpointFolder)
  await expect(trained(resumable(), killedAfterFirst, stop.signal)).rejects.toThrow('killed')
  expect(epochs).toEqual([1])
  const resumed = await trained(resumable(), ({ epoch }) => epochs.push(epoch))
  expect(epochs).toEqual([1, 2])
  expect(resumed).toBe(one)
}, 120_000)
