/** What an interval shows, by the margins of the policy. */
import type { Judgement } from '../../contracts/types.js'
import type { Interval } from './interval.js'
import type { Settings } from './settings.js'

/** @param all the interval from all days, which shows harm */
export function conclusionsOf(
  { margins }: Settings,
  promoting: Interval | null,
  all: Interval | null,
): Judgement['numbers']['conclusions'] {
  const [low, high] = promoting ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  const shown = {
    superior: high < 0,
    non_inferior: high < margins.nonInferiority,
    equivalent: -margins.tolerance < low && high < margins.tolerance,
    harmful: all !== null && all[0] > margins.harm,
  }
  return (Object.keys(shown) as (keyof typeof shown)[]).filter((name) => shown[name])
}
