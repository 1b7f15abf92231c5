/** An exposed run of the toy project, without a registry. */
import type { ExposedRun, ExposureRecord } from '../../contracts/exposure.js'
import { toyPolicy } from '../toy-project/policy.js'

export const START = Date.parse('2001-01-21T00:00:00Z')

export const exposedRun = (fields: Partial<ExposedRun> = {}): ExposedRun => ({
  workflowId: 'release/toy/a',
  phase: 'canary',
  candidate: 'toy_v2',
  reference: 'toy_v1',
  input: {
    trigger: {
      project: 'toy',
      id: 'a',
      kind: 'cli',
      by: 'test',
      at: new Date(START).toISOString(),
      cutoff: new Date(START).toISOString(),
      parameters: {},
      evidence: 'live',
    },
    policy: toyPolicy,
    clock: { eventStart: START, wallStart: START, speed: 1 },
  },
  steps: [{ phase: 'canary', step: 0, weight: 1_000, fromDay: START }],
  ...fields,
})

/** Aliases as the run's phase has them. */
export const recordOf = (run: ExposedRun | null) =>
  ({
    project: 'toy',
    production: run?.phase === 'probation' ? run.candidate : 'toy_v1',
    canary: run?.phase === 'canary' ? run.candidate : null,
    newestRelease: null,
    run,
  }) satisfies ExposureRecord
