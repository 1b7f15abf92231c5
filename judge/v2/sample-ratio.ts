import type { Cohort } from '../../contracts/types.js'
import type { Arms } from './strata.js'

/**
 * Log odds ratios of the alternatives: from a hundredth to 2.56, in both directions, all with the same prior weight.
 */
const ALTERNATIVES = Array.from({ length: 17 }, (_, step) => 0.01 * 2 ** (step / 2)).flatMap((size) => [size, -size])
const ODDS_LESS_ONE = ALTERNATIVES.map(Math.expm1)
/** The logarithm by which each alternative changes the likelihood of any entity of a day with this share. */
const normalisersOf = (share: number): number[] => ODDS_LESS_ONE.map((odds) => Math.log1p(share * odds))

/**
 * p-value, valid at every look, for the hypothesis that the split is as configured. Each entity counts once, on its
 * first day and with that day's share: after that its arm is known. A mixture of likelihood ratios of the binomial over
 * odds ratios (in the manner of Lindon and Malek, arXiv 2011.03567, for shares that differ by day); its largest value
 * so far is used, so that a mismatch once shown stays shown. Null while there was no entity.
 */
export function sampleRatioP(cohorts: readonly Cohort[], { challenger, reference }: Arms): number | null {
  const [ones, zeros] = [new Map<string, Cohort>(), new Map<string, Cohort>()]
  for (const cohort of cohorts) {
    if (cohort.arm === challenger) ones.set(cohort.day, cohort)
    if (cohort.arm === reference) zeros.set(cohort.day, cohort)
  }
  const entities = (cohort: Cohort | undefined) => cohort?.newEntities ?? cohort?.exposed ?? 0
  const logs = new Float64Array(ALTERNATIVES.length)
  // Most days have the share of the day before.
  let normalisers = { share: Number.NaN, of: [] as number[] }
  let [largest, seen] = [0, 0]
  for (const day of [...new Set([...ones.keys(), ...zeros.keys()])].sort()) {
    const [one, zero] = [entities(ones.get(day)), entities(zeros.get(day))]
    const share = (ones.get(day)?.expectedShare ?? 10_000 - (zeros.get(day)?.expectedShare ?? 0)) / 10_000
    seen += one + zero
    // An arm without a share cannot have an entity.
    if ((share <= 0 && one > 0) || (share >= 1 && zero > 0)) return 0
    if (share !== normalisers.share) normalisers = { share, of: normalisersOf(share) }
    for (let index = 0; index < logs.length; index += 1) {
      const odds = ALTERNATIVES[index] as number
      const normaliser = normalisers.of[index] as number
      logs[index] = (logs[index] as number) + one * odds - (one + zero) * normaliser
    }
    largest = Math.max(largest, mixture(logs))
  }
  return seen === 0 ? null : Math.exp(-largest)
}

/** Logarithm of the mean of exponentials. */
function mixture(logs: Float64Array): number {
  let highest = Number.NEGATIVE_INFINITY
  for (const log of logs) highest = Math.max(highest, log)
  let sum = 0
  for (const log of logs) sum += Math.exp(log - highest)
  return highest + Math.log(sum / logs.length)
}
