/** Which arm and release an entity gets now. Pure: it needs no loaded release. */
import { eventNow } from '../contracts/clock.js'
import { isLive } from '../contracts/evidence-source.js'
import type { ExposureRecord } from '../contracts/exposure.js'
import type { AnsweringArm, Arm } from '../contracts/names.js'
import { armBesideProduction, releaseIn } from './arms.js'
import { armOf, bucketOf, hashEntity } from './split.js'
import { weightInForce } from './step-in-force.js'

/** An exposure record with a production release: requests can be answered. */
export interface AssignableRecord extends ExposureRecord {
  readonly production: string
}

export interface Assignment {
  readonly arm: AnsweringArm
  readonly releaseId: string
  /** Empty where no release is exposed. */
  readonly workflowId: string
  readonly entityHash: string
  /** Epoch ms: by the clock of the run if it is judged on live traffic, otherwise wall time. */
  readonly eventAt: number
  /** Null where no release is exposed. */
  readonly split: { readonly bucket: number; readonly weight: number } | null
}

export const isAssignable = (record: ExposureRecord): record is AssignableRecord => record.production !== null

/** The arm beside production, if a release is exposed, and the release that answers in it. */
export function besideProduction({ run }: ExposureRecord): { arm: Arm; releaseId: string } | null {
  if (!run) return null
  const arm = armBesideProduction(run.phase)
  const releaseId = releaseIn(run, arm)
  return releaseId === null ? null : { arm, releaseId }
}

/**
 * @param wallNow wall time in epoch ms
 * @param options `onlyProduction` when the release beside production cannot answer: production then answers every
 * request
 */
export function assign(
  record: AssignableRecord,
  entityKey: string,
  wallNow: number,
  { onlyProduction = false }: { readonly onlyProduction?: boolean } = {},
): Assignment {
  const { run, project, production } = record
  if (!run) {
    const entityHash = hashEntity(`live/${project}`, entityKey)
    return { arm: 'production', releaseId: production, workflowId: '', entityHash, eventAt: wallNow, split: null }
  }
  const { workflowId, phase, input } = run
  const weight = onlyProduction ? 0 : weightInForce(run, wallNow)
  const bucket = bucketOf(workflowId, entityKey)
  const arm = armOf(bucket, { phase, weight })
  return {
    arm,
    releaseId: releaseIn(run, arm) ?? production,
    workflowId,
    entityHash: hashEntity(workflowId, entityKey),
    eventAt: isLive(input.trigger) ? eventNow(input.clock, wallNow) : wallNow,
    split: { bucket, weight },
  }
}
