import { readFile } from 'node:fs/promises'
import { beforeAll, expect, it } from 'vitest'
import { project } from '../../../projects/vision/index.js'
import { goodScenes, importFolder, parcelFolder, trainRequest } from './parcel-folders.js'

interface Model {
  featureVersion: string
  rate: number
  histograms?: { weights: string; bias: string; networkFactor: number }
  network: { head: { weights: string }; stages: { filters: number }[] }
}

let model: Model
beforeAll(async () => {
  const imported = await importFolder(await parcelFolder(goodScenes(150)))
  const { artifactFile } = await project.train(trainRequest(imported, { epochs: 1 }), () => {})
  model = JSON.parse(await readFile(artifactFile, 'utf8')) as Model
}, 60_000)

const loaded = (change: (copy: Model) => void, featureVersion = 'parcel_rgb_224_v1') => {
  const copy = structuredClone(model)
  change(copy)
  return project.load({ artifact: Buffer.from(JSON.stringify(copy)), featureVersion }).then(
    () => 'loaded',
    (error: { type?: string; message: string }) => `${error.type}: ${error.message}`,
  )
}

it('a model loads as it was trained', async () => {
  expect(await loaded(() => {})).toBe('loaded')
})

it('bytes that are no model, another feature version, a weight too few, a rate out of range do not', async () => {
  const garbage = project.load({ artifact: Buffer.from('PK'), featureVersion: 'parcel_rgb_224_v1' })
  await expect(garbage).rejects.toThrow(/the artifact is not a valid vision_model\/1/)
  expect(await loaded(() => {}, 'parcel_rgb_224_claim')).toMatch(
    /ArtifactMismatch: .* it has features parcel_rgb_224_v1/,
  )
  expect(
    await loaded((copy) => {
      copy.network.head.weights = Buffer.alloc(4 * 47).toString('base64')
    }),
  ).toMatch(/ArtifactMismatch: .* the last unit has 47 inputs, not 48/)
  expect(
    await loaded((copy) => {
      copy.network.stages.pop()
    }),
  ).toMatch(/ArtifactMismatch: .* the last unit has 48 inputs, not 32/)
  const histograms = { weights: Buffer.alloc(4 * 639).toString('base64'), bias: 'AAAAAA==', networkFactor: 1 }
  expect(await loaded((copy) => Object.assign(copy, { histograms }))).toMatch(
    /ArtifactMismatch: .* the histograms have 639 weights and 1 biases, not 640 and 1/,
  )
  expect(
    await loaded((copy) => {
      copy.rate = 2
    }),
  ).toMatch(/ArtifactMismatch: .* rate/)
})
