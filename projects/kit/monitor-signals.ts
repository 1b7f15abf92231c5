import type { MonitorSignal } from '../../contracts/types.js'

type Signal = (
  name: string,
  clock: MonitorSignal['clock'],
  threshold: number,
  /** A duration, e.g. `5m`: the signal is measured over it. */
  window: string,
  power: MonitorSignal['power'],
) => MonitorSignal

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
