import type { Expectation } from '../expectations.js'
import { percent } from '../expectations.js'
import type { FalseClaims } from './false-claims.js'
import type { Power } from './power.js'
import type { SampleRatio } from './sample-ratio.js'
import type { SegmentRates } from './segments.js'

export interface Results2 {
  readonly falseClaims: readonly FalseClaims[]
  readonly power: readonly Power[]
  readonly sampleRatio: readonly SampleRatio[]
  readonly segments: readonly SegmentRates[]
}

/** α and one point. */
const LIMIT = 0.06
/** The row whose harm is large enough to be found within a month. */
const DETECTED = 'binary, 12 %'

/** @param z tolerance in standard errors of the simulation */
export function expectations2({ falseClaims, power, sampleRatio, segments }: Results2, z: number): Expectation[] {
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
    ...segments.map(({ row, schedule, method, harm, falseAlarms, runs }) =>
      atMost(`20 segments${harm ? ', one harmed' : ', A/A'}, ${schedule}, ${row}, ${method}`, falseAlarms, LIMIT, runs),
    ),
    ...segments
      .filter(({ harm, row }) => harm && row === DETECTED)
      .map(({ schedule, method, found }) => ({
        what: `harm in one of 20 segments, ${schedule}, ${method}: found in ${percent(found)} ≥ 80.0 %`,
        holds: found >= 0.8,
      })),
    ...power.filter(({ comparedWith1 }) => comparedWith1).flatMap((one) => comparedWith1(one, power, z)),
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
