/** When a measured signal is a breach, and which breaches a look has to act on. Pure. */
import type { ExposurePhase } from '../contracts/exposure.js'
import type { Arm } from '../contracts/names.js'
import type { Breach, MonitorSignal } from '../contracts/types.js'
import { armsOf } from './arms.js'

/** The numbers measured in one arm over one window. */
export interface Measured {
  readonly arm: Arm
  /** Epoch ms: event time, or wall time for service health. */
  readonly from: number
  readonly to: number
  readonly decisions: number
  readonly numbers: Readonly<Record<string, number>>
}

/** A breach with everything that made it fire. */
export interface FiredBreach extends Breach {
  readonly clock: MonitorSignal['clock']
  readonly breachWhen: MonitorSignal['breachWhen']
  readonly window: { readonly from: string; readonly to: string }
  readonly decisions: number
  readonly numbers: Readonly<Record<string, number>>
}

/** Shares and percentiles of fewer decisions mean nothing. A signal with threshold 0 needs only one decision. */
export const FEWEST_DECISIONS = 20

/**
 * The breaches among declared signals. A signal that was not measured has not fired.
 * @param at event time in epoch ms at which it fired, by the run's clock
 */
export function breachesOf(signals: readonly MonitorSignal[], measured: Measured, at: number): FiredBreach[] {
  const { arm, from, to, decisions, numbers } = measured
  return signals.flatMap(({ name, clock, threshold, breachWhen, power }) => {
    const value = numbers[name]
    if (value === undefined || !Number.isFinite(value)) return []
    if (decisions < FEWEST_DECISIONS && threshold !== 0) return []
    if (breachWhen === 'above' ? value <= threshold : value >= threshold) return []
    const iso = (epochMs: number) => new Date(epochMs).toISOString()
    return [
      {
        signal: name,
        arm,
        value,
        threshold,
        power,
        at: iso(at),
        clock,
        breachWhen,
        decisions,
        numbers,
        window: { from: iso(from), to: iso(to) },
      },
    ]
  })
}

/**
 * The breaches to store: one per window, because overlapping windows show the same event again.
 * @param known breaches of the run that are stored already
 * @param windowMs length of a breach's window in event time
 */
export const notYetStored = (
  fired: readonly FiredBreach[],
  known: readonly Pick<Breach, 'signal' | 'arm' | 'at'>[],
  windowMs: (breach: FiredBreach) => number,
): FiredBreach[] =>
  fired.filter(
    (breach) =>
      !known.some(
        ({ signal, arm, at }) =>
          signal === breach.signal && arm === breach.arm && Date.parse(at) > Date.parse(breach.at) - windowMs(breach),
      ),
  )

export interface StoredBreach extends Breach {
  /** Position in the ledger. */
  readonly seq: number
}

/**
 * Breaches up to `asOf` that no earlier look has acted on. The challenger is not responsible for the release it is
 * compared with: there a rollback event only pauses, because a person has to decide and no alias move would help.
 */
export function openBreaches(
  stored: readonly StoredBreach[],
  looks: {
    readonly phase: ExposurePhase
    /** Epoch ms of event time. */
    readonly asOf: number
    /** Epoch ms of event time: looks up to this instant were acted on. */
    readonly looksAfter: number
    /** Ledger position of the last look that was acted on; null where there is none. */
    readonly actedOnSeq: number | null
  },
): Breach[] {
  const { phase, asOf, looksAfter, actedOnSeq } = looks
  const { challenger } = armsOf(phase)
  // A breach is stored a moment after its instant: a look at that instant may have been recorded before it.
  const unseen = (seq: number) => actedOnSeq !== null && seq > actedOnSeq
  return stored
    .filter(({ at, seq }) => Date.parse(at) <= asOf && (Date.parse(at) > looksAfter || unseen(seq)))
    .map(({ signal, arm, value, threshold, power, at }) => ({
      signal,
      arm,
      value,
      threshold,
      at,
      power: arm === challenger ? power : 'pause',
    }))
}
