import type { Cohort, Evidence } from '../../contracts/types.js'
import type { EntitySums } from '../../registry/index.js'

/** What sums by entity add to cohorts of the same database snapshot. */
export function withEntities(
  cohorts: readonly Cohort[],
  { cohorts: sums, clusters }: EntitySums,
): Required<Pick<Evidence, 'cohorts' | 'clusters'>> {
  const found = new Map(sums.map((sum) => [`${sum.day}/${sum.arm}`, sum]))
  return {
    cohorts: cohorts.map((cohort) => ({ ...cohort, ...found.get(`${cohort.day}/${cohort.arm}`) })),
    clusters,
  }
}
