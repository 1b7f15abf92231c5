/** What an open run's candidate answers now, and when the judge looks next. */
import { eventNow, wallAt } from '../../contracts/clock.js'
import { durationMs } from '../../contracts/duration.js'
import { inOrderOfForce } from '../../contracts/exposure.js'
import { bodiesOf, type LedgerEntry } from '../../contracts/ledger/index.js'
import { stepInForce } from '../../exposure/step-in-force.js'
import type { OpenRun } from '../../registry/index.js'

export interface ExposureNow {
  readonly phase: 'shadow' | 'canary' | 'probation'
  /** Basis points of all requests that the candidate answers. */
  readonly candidateShare: number
  /** ISO wall time of the next look on the grid; null while the clock of the run has not begun. */
  readonly nextLook: string | null
}

type Exposing = Pick<OpenRun, 'stage' | 'input'>

/**
 * @param entries steps and clocks of this run @param now wall time in epoch ms
 * @returns null before the canary and while the run has no step
 */
export function exposureNow(
  { stage, input }: Exposing,
  entries: readonly LedgerEntry<'canary_step' | 'clock'>[],
  now: number,
): ExposureNow | null {
  if (stage !== 'canary' && stage !== 'probation') return null
  const all = bodiesOf(entries, 'canary_step').filter(
    ({ phase }) => (phase === 'probation') === (stage === 'probation'),
  )
  const newest = Math.max(0, ...all.map(({ opening = 0 }) => opening))
  const ofOpening = all.filter(({ opening = 0 }) => opening === newest)
  const phase = ofOpening.some((step) => step.phase === stage) ? stage : 'shadow'
  const steps = inOrderOfForce(ofOpening.filter((step) => step.phase === phase))
  const [first] = steps
  if (first === undefined) return null
  const clock = bodiesOf(entries, 'clock').at(-1) ?? input.clock
  const instant = eventNow(clock, now)
  const { weight } = stepInForce(steps, instant) ?? first
  const every = durationMs(input.policy.lookEvery)
  const begun = Math.min(...steps.map(({ fromDay }) => fromDay))
  const look = begun + Math.max(1, Math.ceil((instant - begun) / every)) * every
  return {
    phase,
    candidateShare: phase === 'probation' ? 10_000 - weight : phase === 'shadow' ? 0 : weight,
    nextLook: new Date(wallAt(clock, look)).toISOString(),
  }
}
