import type { Expectation } from '../expectations.js'
import { percent } from '../expectations.js'
import type { FalseClaims } from './false-claims.js'
import type { PairedClaims } from './paired/false-claims.js'
import type { Saving } from './paired/savings.js'
import type { Power } from './power.js'
import type { SampleRatio } from './sample-ratio.js'
import type { SegmentRates } from './segments.js'

export interface Results2 {
  readonly falseClaims: readonly FalseClaims[]
  readonly power: readonly Power[]
  readonly sampleRatio: readonly SampleRatio[]
  readonly segments: readonly SegmentRates[]
  /** Releases that begin in a judged shadow. */
  readonly pairedClaims: readonly PairedClaims[]
  readonly savings: readonly Saving[]
}

/** α and one point. */
const LIMIT = 0.06
/** The row whose harm is large enough to be found within a month. */
const DETECTED = 'binary, 12 %'

/** @param z tolerance in standard errors of the simulation */
export function expectations2(
  { falseClaims, power, sampleRatio, pairedClaims, savings, segments }: Results2,
  z: number,
): Expectation[] {
  const slack = (share: number, runs: number) => z * Math.sqrt((share * (1 - share)) / runs)
  const atMost = (what: string, share: number, limit: number, runs: number): Expectation => ({
    what: `${what}: ${percent(share)} ≤ ${percent(limit)}`,
    holds: share <= limit + slack(limit, runs),
  })
  return [
    ...falseClaims.map(({ row, schedule, method, counted, limit, runs }) =>
      atMost(`judge 2, A/A, ${schedule}, ${row}, ${method}`, counted, limit, runs),
    ),
    ...sampleRatio.map(({ visits, judge2, runs }) =>
      atMost(`judge 2, sample ratio, ${visits} decisions an entity`, judge2, 0.001, runs),
    ),
    ...segments.map(({ row, schedule, harm, falseAlarms, runs }) =>
      atMost(`20 segments${harm ? ', one harmed' : ', A/A'}, ${schedule}, ${row}`, falseAlarms, LIMIT, runs),
    ),
    ...segments
      .filter(({ harm, row }) => harm && row === DETECTED)
      .map(({ schedule, found }) => ({
        what: `harm in one of 20 segments, ${schedule}: found in ${percent(found)} ≥ 80.0 %`,
        holds: found >= 0.8,
      })),
    ...pairedClaims.map(({ row, method, counted, limit, runs }) =>
      atMost(`judged shadow, A/A, ${row}, ${method}`, counted, limit, runs),
    ),
    ...savings.filter(({ begins }) => begins === 'judged shadow').flatMap((one) => savesDays(one, savings, z)),
    ...power.filter(({ comparedWith1 }) => comparedWith1).flatMap((one) => comparedWith1(one, power, z)),
  ]
}

/** No fewer right verdicts than a shadow that is not judged, and earlier ones. */
function savesDays(judged: Saving, all: readonly Saving[], z: number): Expectation[] {
  const before = all.find(
    (one) => one.candidate === judged.candidate && one.differing === judged.differing && one.begins === 'shadow',
  )
  if (!before) return []
  const of = ({ candidate, promoted, rolledBack }: Saving) => (candidate === 'better' ? promoted : rolledBack)
  const name = `judged shadow, ${judged.candidate}, other losses for ${percent(judged.differing)}`
  const slack = z * Math.sqrt((2 * of(before) * (1 - of(before))) / judged.runs)
  return [
    {
      what: `${name}: ${percent(of(judged))} detected ≥ ${percent(of(before))} after a shadow that is not judged`,
      holds: of(judged) >= of(before) - slack,
    },
    { what: `${name}: median of ${judged.days} days < ${before.days}`, holds: judged.days < before.days },
  ]
}

/** At least .95 of the promotions of judge 1, or of its rollbacks, in at most 1.1 times its days. */
function comparedWith1({ candidate, method, rates }: Power, all: readonly Power[], z: number): Expectation[] {
  const before = all.find((one) => one.judge === '1' && one.method === method && one.candidate === candidate)
  if (!before) return []
  const of = ({ promoted, rolledBack }: Power['rates']) => (candidate === 'better' ? promoted : rolledBack)
  const ratio = of(rates) / of(before.rates)
  // The same streams are judged twice, so the ratio varies less than either share.
  const slack = z * Math.sqrt(0.05 / (rates.runs * of(before.rates)))
  const name = `judge 2, ${candidate}, ${method}`
  return [
    { what: `${name}: ${ratio.toFixed(3)} of judge 1’s detections ≥ .95`, holds: ratio >= 0.95 - slack },
    {
      what: `${name}: median of ${rates.days.median} days to the verdict ≤ 1.1 × ${before.rates.days.median}`,
      holds: rates.days.median <= 1.1 * before.rates.days.median + (z > 0 ? 1 : 0),
    },
  ]
}
