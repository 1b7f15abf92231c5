import type { Arm } from '../contracts/names.js'
import type { Cohort } from '../contracts/types.js'
import { erfc } from './normal.js'

/**
 * p-value for the hypothesis that the split is as configured: a normal test of the challenger's exposed count against
 * the sum of each day's binomial expectation, so that a ramp is not a mismatch. Null while nothing was exposed.
 */
export function sampleRatioP(cohorts: readonly Cohort[], challenger: Arm, reference: Arm): number | null {
  const exposedOn = (arm: Arm, day: string) => cohorts.find((c) => c.arm === arm && c.day === day)?.exposed ?? 0
  const shares = new Map(cohorts.filter((c) => c.arm === challenger).map((c) => [c.day, c.expectedShare / 10_000]))
  for (const cohort of cohorts) if (!shares.has(cohort.day)) shares.set(cohort.day, 1 - cohort.expectedShare / 10_000)
  let difference = 0
  let spread = 0
  for (const [day, share] of shares) {
    const total = exposedOn(challenger, day) + exposedOn(reference, day)
    difference += exposedOn(challenger, day) - total * share
    spread += total * share * (1 - share)
  }
  if (spread === 0) return difference === 0 ? null : 0
  return erfc(Math.abs(difference) / Math.sqrt(2 * spread))
}
