import type { Arm } from '../contracts/names.js'
import type { Breach, MonitorSignal } from '../contracts/types.js'

/** What was measured of one arm in one window. */
export interface Measured {
  readonly arm: Arm
  /** Epoch ms: event time, or wall time for service health. */
  readonly from: number
  readonly to: number
  readonly decisions: number
  readonly numbers: Readonly<Record<string, number>>
}

/** A breach with all that made it fire. */
export interface FiredBreach extends Breach {
  readonly clock: MonitorSignal['clock']
  readonly breachWhen: MonitorSignal['breachWhen']
  readonly window: { readonly from: string; readonly to: string }
  readonly decisions: number
  readonly numbers: Readonly<Record<string, number>>
}

/** Of fewer decisions no share and no percentile says anything. Where one is too many (threshold 0), one is enough. */
export const FEWEST_DECISIONS = 20

/**
 * Pure: declared signals and measured numbers in, breaches out. A signal that was not measured has not fired.
 * @param at event time, epoch ms: when the run's clock says it fired
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
