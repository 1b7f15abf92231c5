/**
 * A project that does nothing: what is left of a release is the cost of Slipway. Its candidates never pass the gate.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { utcDay } from '../../../contracts/duration.js'
import type { PromotionPolicy } from '../../../contracts/types.js'
import type { Project, TrainRequest, TrainResult } from '../../../projects/project.js'

const policy: PromotionPolicy = {
  schema: 'slipway.policy/1',
  name: 'noop_policy_v1',
  labelHorizon: '1d',
  deadline: '14d',
  maxExtensions: 1,
  extendBy: '7d',
  steps: [{ weight: 5_000, atLeast: '2d' }],
  onCanaryBusy: 'queue',
  judge: {
    alpha: 0.05,
    tunedFor: 1_000,
    nonInferiorityMargin: 0.02,
    harmMargin: 0.02,
    minMature: 200,
    minCoverage: 0.9,
    maxCoverageDifference: 0.05,
    sampleRatioAlpha: 0.001,
  },
  lookEvery: '1d',
  manualPromote: 'shorten_window',
  probation: { holdback: 1_000, lasts: '3d' },
}

async function learn({ outFolder, parameters }: TrainRequest): Promise<TrainResult> {
  const artifactFile = join(outFolder, 'model.json')
  await writeFile(artifactFile, JSON.stringify(parameters))
  return {
    artifactFile,
    format: 'noop/1',
    kind: 'nothing',
    featureVersion: 'noop_v1',
    actionPolicy: { version: 'noop_v1', parameters: {} },
    metrics: {},
  }
}

export const project: Project = {
  name: 'noop',
  folder: new URL('.', import.meta.url),
  title: 'No-op',
  lossUnit: 'points',
  policy,
  gates: { version: 'noop_gates_v1', required: ['never_passes'], thresholds: {} },
  monitor: { version: 'noop_monitor_v1', signals: [] },
  defaultCutoff: '2001-01-20T00:00:00Z',
  demo: [],
  async importSnapshot({ cutoff, outFolder }) {
    const dataFile = join(outFolder, 'rows.json')
    await writeFile(dataFile, '[]')
    const day = utcDay(cutoff)
    return {
      dataFile,
      manifest: {
        source: { name: 'nothing', files: [{ name: 'none', sha256: `sha256:${'0'.repeat(64)}`, bytes: 0 }] },
        cutoff: new Date(cutoff).toISOString(),
        days: { first: day, last: day },
        rows: 1,
        labelled: 1,
        censored: 0,
        rejected: [],
        columns: [{ name: 'x', type: 'int' }],
      },
    }
  },
  baseline: learn,
  train: learn,
  load: async () => ({ score: (inputs) => inputs.map(() => ({ value: 1 })) }),
  decide: () => 'none',
  loss: () => 0,
  expectedLoss: () => 0,
  sample: async () => [{}],
  inputSchema: z.strictObject({}),
  measure: () => ({}),
  evaluate: async ({ snapshot, snapshotDigest, candidate, production }) => ({
    schema: 'slipway.evaluation/1',
    project: 'noop',
    candidate: candidate.digest,
    production: production.digest,
    snapshot: snapshotDigest,
    heldOut: { from: snapshot.cutoff, to: snapshot.cutoff, rows: 0 },
    gates: [{ name: 'never_passes', passed: false, value: 0, threshold: 1, detail: 'nothing was learned' }],
    metrics: { candidate: {}, production: {} },
    slices: [],
  }),
  async *replay() {},
}
