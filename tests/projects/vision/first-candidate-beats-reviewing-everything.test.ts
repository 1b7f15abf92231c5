import { readFile } from 'node:fs/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { REQUIRED_GATES } from '../../../contracts/names.js'
import { evaluationReport } from '../../../contracts/schemas/index.js'
import type { EvaluationReport } from '../../../contracts/types.js'
import type { LoadedRelease, TrainResult } from '../../../projects/project.js'
import { project } from '../../../projects/vision/index.js'
import { type Imported, importFolder, trainRequest } from './parcel-folders.js'

let imported: Imported
let candidate: LoadedRelease
let report: EvaluationReport

const digest = `sha256:${'0'.repeat(64)}`
const released = async ({ artifactFile, featureVersion, actionPolicy }: TrainResult): Promise<LoadedRelease> => ({
  digest,
  featureVersion,
  actionPolicy,
  artifact: await readFile(artifactFile),
})

/** The default data, whole, with fewer epochs than usual. */
beforeAll(async () => {
  imported = await importFolder(undefined, Date.parse(project.defaultCutoff))
  const production = await released(await project.baseline(trainRequest(imported)))
  candidate = await released(await project.train(trainRequest(imported, { epochs: 5 }), () => {}))
  const request = { ...imported, snapshotDigest: digest, candidate, production, gates: project.gates }
  report = evaluationReport.parse(await project.evaluate(request))
}, 180_000)

describe('the first candidate on the default data', () => {
  it('passes each gate, the required ones among them', () => {
    expect(report.gates.filter(({ passed }) => !passed)).toEqual([])
    expect(report.gates.map(({ name }) => name)).toEqual(expect.arrayContaining([...REQUIRED_GATES, 'usable_images']))
  })

  it('costs less than two thirds of reviewing everything, and sees damage', () => {
    const { candidate: own, production } = report.metrics
    expect(own.cost).toBeLessThan((production.cost ?? 0) * 0.67)
    expect(production.reviewShare).toBe(1)
    expect(own.auc).toBeGreaterThan(0.85)
    expect(production.auc).toBe(0.5)
  })

  it('has every dock in its report, and figures that a page can show', () => {
    expect(report.slices.map(({ name }) => name)).toEqual(['dock-east', 'dock-north', 'dock-south', 'dock-yard'])
    const figures = report.figures ?? []
    expect(figures.map(({ kind }) => kind)).toEqual(['dot', 'line', 'dot', 'image'])
    const images = figures.at(-1)?.images ?? []
    expect(images.length).toBeGreaterThan(3)
    for (const { jpeg } of images) expect(Buffer.from(jpeg, 'base64').subarray(0, 2).toString('hex')).toBe('ffd8')
    const [lowest, highest] = [figures[1]?.series[0]?.points[0], figures[1]?.series[0]?.points.at(-1)]
    expect(lowest?.y).toBeGreaterThan(report.metrics.candidate.cost ?? 0)
    expect(highest?.y).toBeGreaterThan(report.metrics.candidate.cost ?? 0)
  })

  it('kept broken files out, counted and named', () => {
    expect(imported.snapshot.rejected.length).toBeGreaterThan(0)
    for (const { reason } of imported.snapshot.rejected) expect(reason).toMatch(/^(broken or|neither JPEG).*: dock-/)
  })

  it('answers each photo with its probability and its quality', async () => {
    const scorer = await project.load(candidate)
    const inputs = await project.sample(imported)
    const outputs = await scorer.score(inputs)
    expect(outputs).toHaveLength(inputs.length)
    for (const output of outputs) {
      expect(Object.keys(output).sort()).toEqual(['brightness', 'probability', 'readable', 'sharpness', 'size'])
      expect(output.probability).toBeGreaterThan(0)
      expect(output.probability).toBeLessThan(1)
    }
  })
})
