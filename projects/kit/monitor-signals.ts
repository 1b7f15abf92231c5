import type { MonitorSignal } from '../../contracts/types.js'

type Signal = (
  name: string,
  clock: MonitorSignal['clock'],
  threshold: number,
  /** A duration, e.g. `5m`: the signal is measured over it. */
  window: string,
  power: MonitorSignal['power'],
) => MonitorSignal

/**
 * The same signal, for a number that depends on the data: a breach only if the release on trial is also beyond the one
 * it is compared with, in the same window, by more than `margin`.
 */
export const beyondReference = (margin: number, signal: MonitorSignal): MonitorSignal => ({
  ...signal,
  beyondReference: margin,
})

/** A monitor signal that is breached when its value is above the threshold. */
export const breachAbove: Signal = (name, clock, threshold, window, power) => ({
  name,
  clock,
  threshold,
  breachWhen: 'above',
  window,
  power,
})

/** A monitor signal that is breached when its value is below the threshold. */
export const breachBelow: Signal = (name, clock, threshold, window, power) => ({
  name,
  clock,
  threshold,
  breachWhen: 'below',
  window,
  power,
})
