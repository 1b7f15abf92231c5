/** Which release gets which share of a project's traffic, and from when. Free of zod. */
import { DAY_MS, durationMs } from './duration.js'
import type { ExposureStep } from './ledger/canary-step.js'
import type { AliasName, ExposurePhase } from './names.js'
import type { PromotionPolicy, ReleaseInput } from './types.js'

export type { ExposureStep } from './ledger/canary-step.js'
export { EXPOSURE_PHASES, type ExposurePhase } from './names.js'

/** The release that each alias points at; null where it points at none. */
export type Aliases = Readonly<Record<AliasName, string | null>>

/** The two releases that a phase compares. */
export interface ComparedReleases {
  readonly phase: ExposurePhase
  readonly candidate: string
  readonly reference: string
}

/** The run whose candidate has a share of the traffic. */
export interface ExposedRun extends ComparedReleases {
  readonly workflowId: string
  readonly input: ReleaseInput
  /** Only those of this phase and opening, in order of force. */
  readonly steps: readonly ExposureStep[]
}

/** Everything that decides which release answers a request, as of one instant. */
export interface ExposureRecord extends Aliases {
  readonly project: string
  /** The newest registered release: it may become a candidate soon. */
  readonly newestRelease: string | null
  readonly run: ExposedRun | null
}

/**
 * Sorts steps so that of those begun by some instant the last one is in force: by first day, with the end of exposure
 * (weight 0) after all others, because it is recorded before them.
 */
export const inOrderOfForce = (steps: readonly ExposureStep[]): ExposureStep[] =>
  [...steps].sort((a, b) => Number(a.weight === 0) - Number(b.weight === 0) || a.fromDay - b.fromDay || a.step - b.step)

/**
 * What keeps a wider step of live traffic from beginning whose first day is still to come: the step with the share in
 * force, from the same day on; the last record of a day counts. Null where there is no such step.
 * @param steps of one canary; of one day in order of their record @param now epoch ms of event time
 */
export function heldStep(steps: readonly ExposureStep[], now: number): ExposureStep | null {
  const ofCanary = inOrderOfForce(steps).filter(({ phase }) => phase === 'canary')
  const last = ofCanary.findLast(({ weight }) => weight > 0)
  const inForce = ofCanary.findLast(({ fromDay }) => fromDay <= now)
  if (!last || last.fromDay <= now || !inForce?.weight || last.weight === inForce.weight) return null
  return { ...last, weight: inForce.weight }
}

/** Exposure is counted in whole UTC days: it begins with the first one after the phase opened. Epoch ms. */
export const firstExposedDay = (opened: number): number => Math.ceil(opened / DAY_MS) * DAY_MS

/**
 * The look that the end of a phase waits for: the first one of the grid at or after the deadline, and after the newest
 * one. Instants are epoch ms of event time, and `every` is in ms.
 */
export function endingLook(at: { opened: number; every: number; deadline: number; newestLook: number | null }): number {
  const first = firstExposedDay(at.opened)
  const from = Math.max(at.deadline, (at.newestLook ?? first) + 1)
  return first + Math.max(1, Math.ceil((from - first) / at.every)) * at.every
}

/** The first day without new traffic for the canary, epoch ms; infinite where exposure lasts until the decision. */
export const exposureEnds = ({ exposureLasts }: PromotionPolicy, opened: number): number =>
  exposureLasts === undefined
    ? Number.POSITIVE_INFINITY
    : firstExposedDay(firstExposedDay(opened) + durationMs(exposureLasts))
