import { binomial, type Random } from './random.js'

/** Simulated traffic with a known effect: a decision is wrong and costs `cost`, or costs nothing. */
export interface SimulatedTraffic {
  /** Decisions a day, both arms together. */
  readonly traffic: number
  /** Share of production's decisions that are wrong, by day counted from the first exposed one. */
  readonly rate: (day: number) => number
  /** Relative effect of the candidate: 0.1 makes the canary a tenth worse. */
  readonly effect: number
  /** Loss of a wrong decision, in the project's unit. */
  readonly cost: number
}

export interface ArmDay {
  readonly exposed: number
  /** How many of them are wrong. */
  readonly costly: number
}

export interface Day {
  readonly canary: ArmDay
  readonly production: ArmDay
}

/** @param weight the canary's share in basis points */
export function drawDay(simulated: SimulatedTraffic, day: number, weight: number, random: Random): Day {
  const rate = simulated.rate(day)
  const exposed = binomial(random, simulated.traffic, weight / 10_000)
  const arm = (count: number, chance: number): ArmDay => ({
    exposed: count,
    costly: binomial(random, count, Math.min(1, Math.max(0, chance))),
  })
  return { canary: arm(exposed, rate * (1 + simulated.effect)), production: arm(simulated.traffic - exposed, rate) }
}
