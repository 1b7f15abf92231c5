/** Who answers: from the aliases and the run that is exposed, to the arm and release of one entity. Pure. */
import { eventNow } from '../../contracts/clock.js'
import type { Arm } from '../../contracts/names.js'
import { armOf, bucketOf, hashEntity } from '../../exposure/split.js'
import type { Project } from '../../projects/project.js'
import type { ExposedRun, ExposureRecord } from '../../registry/index.js'
import type { ServingRelease } from '../../releases/load-release.js'

/** What one gateway answers from, swapped whole: every decision belongs to exactly one of two of these. */
export interface Tuples {
  readonly project: Project
  readonly record: ExposureRecord
  readonly production: ServingRelease
  /** The canary's candidate, or in probation the old production; null where there is none or it cannot be loaded. */
  readonly other: ServingRelease | null
}

export interface Assignment {
  readonly arm: Arm
  readonly release: ServingRelease
  /** Empty outside of a release's exposure. */
  readonly workflowId: string
  readonly entityHash: string
  /** Epoch ms: by the clock of the run that is judged on live traffic, else wall time. */
  readonly eventAt: number
  readonly split: { readonly bucket: number; readonly weight: number } | null
}

export function assign(tuples: Tuples, entityKey: string, wallNow: number): Assignment {
  const { record, production, other } = tuples
  const { run, project } = record
  if (!run) {
    const entityHash = hashEntity(`live/${project}`, entityKey)
    return { arm: 'production', release: production, workflowId: '', entityHash, eventAt: wallNow, split: null }
  }
  const { workflowId, phase } = run
  const weight = other ? weightAt(run, wallNow) : 0
  const bucket = bucketOf(workflowId, entityKey)
  const arm = armOf(bucket, { phase, weight })
  return {
    arm,
    release: arm === 'production' || !other ? production : other,
    workflowId,
    entityHash: hashEntity(workflowId, entityKey),
    eventAt: isLive(run) ? eventNow(run.input.clock, wallNow) : wallNow,
    split: { bucket, weight },
  }
}

export const isLive = ({ input }: ExposedRun): boolean => input.trigger.evidence === 'live'

/** Basis points of the arm beside production. A step's share begins with its day; the first one at once, its first part of a day is not judged. */
export function weightAt({ phase, input, steps }: ExposedRun, wallNow: number): number {
  // From the promotion on, before its step is written: nobody switches more than once.
  if (phase === 'probation') return input.policy.probation.holdback
  const now = eventNow(input.clock, wallNow)
  const inForce = steps.filter(({ fromDay }) => fromDay <= now).at(-1) ?? steps[0]
  return inForce?.weight ?? 0
}
