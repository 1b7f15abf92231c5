import { SlipwayError } from '../../../contracts/failure.js'
import type { Evidence, SegmentSums } from '../../../contracts/types.js'
import type { SegmentSettings } from './settings.js'

const COUNTS = ['days', 'challenger', 'reference', 'comparableDays'] as const
const SUMS = ['weight', 'variance', 'byDecision', 'byEntity', 'unpredicted', 'betweenDays'] as const

const ROUNDING = 1e-6

const refuse = (what: string): never => {
  throw new SlipwayError('JudgeFailed', `invalid evidence: ${what}`)
}

/** @throws SlipwayError JudgeFailed naming the segment that is missing, given twice, or has a wrong number */
export function checkSegments(evidence: Evidence, asked: SegmentSettings | undefined): void {
  const { segments, schema, arms, cohorts } = evidence
  const labelled = (arm: string) =>
    cohorts.reduce((sum, one) => sum + (one.arm === arm && one.mature ? one.labelled : 0), 0)
  const beyond = cohorts.some(({ beyondBound }) => beyondBound > 0)
  const all = { challenger: labelled(arms.challenger), reference: labelled(arms.reference) }
  if (segments && schema === 'slipway.evidence/1') refuse('segments is only in slipway.evidence/2')
  const matureDays = new Set(cohorts.flatMap(({ mature, day }) => (mature ? [day] : []))).size
  const seen = new Set<string>()
  for (const one of segments ?? []) {
    const { name } = one
    if (seen.has(name)) refuse(`segment ${name} is given twice`)
    seen.add(name)
    for (const field of COUNTS)
      if (!(Number.isSafeInteger(one[field]) && one[field] >= 0)) refuse(`segment ${name}: ${field} is ${one[field]}`)
    for (const arm of ['challenger', 'reference'] as const)
      if (one[arm] > all[arm]) refuse(`segment ${name}: ${arm} is ${one[arm]} of ${all[arm]} labelled mature decisions`)
    for (const field of SUMS) {
      const value = one[field] ?? 0
      if (!(Number.isFinite(value) && value >= 0)) refuse(`segment ${name}: ${field} is ${value}`)
    }
    if (!Number.isFinite(one.weightedEffect)) refuse(`segment ${name}: weightedEffect is ${one.weightedEffect}`)
    if (one.weight > 0 !== one.days > 0) refuse(`segment ${name}: weight is ${one.weight} over ${one.days} days`)
    if (one.days > matureDays) refuse(`segment ${name}: days is ${one.days} of ${matureDays} mature days`)
    if (one.comparableDays > one.days)
      refuse(`segment ${name}: comparableDays is ${one.comparableDays} of ${one.days} days`)
    // However the decisions are placed on days, their weights are at most that of all on one day.
    const most = (one.challenger * one.reference) / Math.max(1, one.challenger + one.reference)
    if (one.weight > most * (1 + ROUNDING))
      refuse(`segment ${name}: weight is ${one.weight}, and at most ${most} is possible`)
    if (asked?.bounds && !beyond) checkBounds(one, asked.bounds)
    if (asked?.bounds && one.unpredicted === undefined)
      refuse(`segment ${name}: unpredicted is missing, and a policy with a lossBound needs it`)
  }
  // A shadow is not compared with production: no entity was given to it.
  if (!asked || arms.challenger === 'shadow') return
  for (const name of asked.names)
    if (!seen.has(name)) refuse(`segment ${name} of the policy was not measured; evidence has ${list([...seen])}`)
}

/** No mean differs by more than the bounds do. */
function checkBounds(
  { name, weight, weightedEffect }: SegmentSums,
  { lowest, highest }: NonNullable<SegmentSettings['bounds']>,
): void {
  const most = (highest - lowest) * weight
  if (Math.abs(weightedEffect) > most * (1 + ROUNDING))
    refuse(`segment ${name}: weightedEffect is ${weightedEffect}, and at most ${most} is possible`)
}

const list = (names: readonly string[]): string => (names.length === 0 ? 'no segments' : names.join(', '))
