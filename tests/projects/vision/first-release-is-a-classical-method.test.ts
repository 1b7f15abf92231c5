/**
 * The first release has no gates before it: a model is it only where held-out photos show that it is worth it. On the
 * generated parcels they do not; `first-candidate-beats-reviewing-everything` begins with that.
 */
import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { project } from '../../../projects/vision/index.js'
import { visionModelFile } from '../../../projects/vision/model/artifact.js'
import { importFolder, magneticTiles, trainRequest } from './parcel-folders.js'

const tiles = magneticTiles()

it.skipIf(tiles === null)(
  'real tiles: damage is found by gradient histograms, and not from held-out photos',
  async () => {
    const imported = await importFolder(tiles ?? undefined)
    const request = trainRequest(imported)
    const first = await project.baseline(request)
    expect(first.kind).toBe('gradient histograms with a logistic regression')
    expect(first.metrics.calibrationAuc).toBeGreaterThan(0.9)
    const { featureVersion, actionPolicy } = first
    const artifact = await readFile(first.artifactFile)
    const release = { digest: '', featureVersion, actionPolicy, artifact }
    const { gates, metrics } = await project.evaluate({
      ...imported,
      snapshotDigest: '',
      candidate: release,
      production: release,
      gates: project.gates,
    })
    expect(gates.find(({ name }) => name === 'no_leakage')).toMatchObject({ passed: true })
    expect(metrics.candidate.auc).toBeGreaterThan(0.9)
    expect(metrics.candidate.reviewShare).toBeLessThan(0.5)

    const model = visionModelFile.decode(release)
    const refused = { ...model, histograms: model.histograms && { ...model.histograms, networkFactor: 1 } }
    const altered = Buffer.from(visionModelFile.encode(refused))
    expect(() => visionModelFile.decode({ featureVersion, artifact: altered })).toThrow(
      /the factor of the network is 1 and there is no network/,
    )
  },
)
