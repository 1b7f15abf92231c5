import type { Cohort } from '../../contracts/types.js'
import type { Arms } from './strata.js'

/**
 * Log odds ratios of the alternatives: from a hundredth to 2.56, in both directions, all with the same prior weight.
 */
const ALTERNATIVES = Array.from({ length: 17 }, (_, step) => 0.01 * 2 ** (step / 2)).flatMap((size) => [size, -size])

/**
 * p-value, valid at every look, for the hypothesis that the split is as configured. Each entity counts once, on its
 * first day and with that day's share: after that its arm is known. A mixture of likelihood ratios of the binomial over
 * odds ratios (in the manner of Lindon and Malek, arXiv 2011.03567, for shares that differ by day); its largest value
 * so far is used, so that a mismatch once shown stays shown. Null while there was no entity.
 */
export function sampleRatioP(cohorts: readonly Cohort[], { challenger, reference }: Arms): number | null {
  const counts = (arm: string) => new Map(cohorts.flatMap((c) => (c.arm === arm ? [[c.day, c] as const] : [])))
  const [ones, zeros] = [counts(challenger), counts(reference)]
  const entities = (cohort: Cohort | undefined) => cohort?.newEntities ?? cohort?.exposed ?? 0
  const logs = new Float64Array(ALTERNATIVES.length)
  let [largest, seen] = [0, 0]
  for (const day of [...new Set([...ones.keys(), ...zeros.keys()])].sort()) {
    const [one, zero] = [entities(ones.get(day)), entities(zeros.get(day))]
    const share = (ones.get(day)?.expectedShare ?? 10_000 - (zeros.get(day)?.expectedShare ?? 0)) / 10_000
    seen += one + zero
    // An arm without a share cannot have an entity.
    if ((share <= 0 && one > 0) || (share >= 1 && zero > 0)) return 0
    ALTERNATIVES.forEach((logOdds, index) => {
      logs[index] = (logs[index] ?? 0) + one * logOdds - (one + zero) * Math.log1p(share * Math.expm1(logOdds))
    })
    largest = Math.max(largest, mixture(logs))
  }
  return seen === 0 ? null : Math.exp(-largest)
}

/** Logarithm of the mean of exponentials. */
function mixture(logs: Float64Array): number {
  const highest = logs.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  return highest + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - highest), 0) / logs.length)
}
