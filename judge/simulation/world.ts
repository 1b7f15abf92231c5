import { binomial, type Random } from './random.js'

/** Traffic with a known truth: a decision either costs `cost` or nothing. */
export interface World {
  /** Decisions a day, both arms together. */
  readonly traffic: number
  /** Share of production's decisions that cost, on a day counted from the first exposed one. */
  readonly rate: (day: number) => number
  /** Relative: 0.1 makes the canary a tenth worse. */
  readonly effect: number
  /** Loss of a decision that went wrong, in the project's unit. */
  readonly cost: number
}

export interface ArmDay {
  readonly exposed: number
  /** How many of them cost. */
  readonly costly: number
}

export interface Day {
  readonly canary: ArmDay
  readonly production: ArmDay
}

/** @param weight the canary's share in basis points */
export function drawDay(world: World, day: number, weight: number, random: Random): Day {
  const rate = world.rate(day)
  const exposed = binomial(random, world.traffic, weight / 10_000)
  const arm = (count: number, chance: number): ArmDay => ({
    exposed: count,
    costly: binomial(random, count, Math.min(1, Math.max(0, chance))),
  })
  return { canary: arm(exposed, rate * (1 + world.effect)), production: arm(world.traffic - exposed, rate) }
}
