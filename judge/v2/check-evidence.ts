import { DAY_MS, durationMs } from '../../contracts/duration.js'
import { SlipwayError } from '../../contracts/failure.js'
import type { Cohort, Evidence, PromotionPolicy } from '../../contracts/types.js'
import { checkEvidence as checkEvidence1, nameOf } from '../check-evidence.js'
import { checkPaired } from './paired/check-paired.js'
import type { Settings } from './settings.js'
import { deviations } from './strata.js'

const COUNTS = ['exposed', 'labelled', 'beyondBound', 'estimated', 'expectedShare', 'entities', 'newEntities'] as const
const BY_ENTITY = ['entities', 'newEntities', 'clusterSquares'] as const
const CLUSTERS = ['effect', 'balanced', 'coverage', 'estimate'] as const
const ROUNDING = 1e-6

const refuse = (what: string): never => {
  throw new SlipwayError('JudgeFailed', `invalid evidence: ${what}`)
}

/**
 * What judge 1 refuses, and counts that are none, sums by entity that contradict the others, and losses beyond the
 * bounds.
 * @throws SlipwayError JudgeFailed naming cohort, field and value
 */
export function checkEvidence(
  evidence: Evidence,
  { bounds }: Pick<Settings, 'bounds'>,
  { labelHorizon }: Pick<PromotionPolicy, 'labelHorizon'>,
): void {
  checkEvidence1(evidence)
  const { arms, asOf } = evidence
  checkArms(arms)
  const horizonMs = durationMs(labelHorizon)
  const byEntity = evidence.schema === 'slipway.evidence/2'
  const present = Date.parse(asOf)
  for (const cohort of evidence.cohorts) {
    for (const field of COUNTS) {
      const value = cohort[field]
      if (value !== undefined && !(Number.isSafeInteger(value) && value >= 0))
        refuse(`${nameOf(cohort)}: ${field} is ${value}`)
    }
    const ended = Date.parse(cohort.day) + DAY_MS
    if (cohort.mature && ended > present) refuse(`${nameOf(cohort)} is mature, and its day has not ended by ${asOf}`)
    if (cohort.mature && ended + horizonMs > present)
      refuse(`${nameOf(cohort)} is mature, and the label horizon of ${labelHorizon} has not passed by ${asOf}`)
    if (cohort.beyondBound > cohort.labelled)
      refuse(`${nameOf(cohort)}: beyondBound is ${cohort.beyondBound} of ${cohort.labelled} labelled`)
    checkPresence(cohort, BY_ENTITY, byEntity, () => `${nameOf(cohort)}: `)
    if (byEntity) checkEntities(cohort)
    if (bounds) checkBounds(cohort, bounds)
  }
  checkPresence(evidence, ['clusters'], byEntity, () => '')
  if (evidence.paired && !byEntity) refuse('paired is only in slipway.evidence/2')
  if (evidence.paired) checkPaired(evidence.paired, { bounds })
  for (const field of CLUSTERS) {
    const value = evidence.clusters?.[field] ?? 0
    if (!(Number.isFinite(value) && value >= 0)) refuse(`clusters.${field} is ${value}`)
  }
}

/** The candidate, and what it is compared with. */
const COMPARED = { canary: 'production', shadow: 'production', production: 'holdback', holdback: null } as const

function checkArms({ challenger, reference }: Evidence['arms']): void {
  if (challenger === reference) refuse(`arms: ${challenger} is compared with itself`)
  if (COMPARED[challenger] === reference) return
  const pairs = Object.entries(COMPARED).flatMap(([one, zero]) => (zero ? [`${one} with ${zero}`] : []))
  refuse(`arms: ${challenger} is compared with ${reference}; possible: ${pairs.join(', ')}`)
}

function checkPresence<Of extends object>(
  of: Of,
  fields: readonly (keyof Of & string)[],
  asked: boolean,
  at: () => string,
) {
  for (const field of fields) {
    if ((of[field] !== undefined) === asked) continue
    refuse(`${at()}${field} is ${asked ? 'missing, and slipway.evidence/2 needs it' : 'only in slipway.evidence/2'}`)
  }
}

function checkEntities(cohort: Cohort): void {
  const { exposed, entities = 0, newEntities = 0, clusterSquares = 0 } = cohort
  if (entities > exposed) refuse(`${nameOf(cohort)}: entities is ${entities} of ${exposed} exposed`)
  if (entities === 0 && exposed > 0) refuse(`${nameOf(cohort)}: entities is 0 and exposed ${exposed}`)
  if (newEntities > entities) refuse(`${nameOf(cohort)}: newEntities is ${newEntities} of ${entities} entities`)
  const cell = { n: cohort.labelled, sum: cohort.lossSum, squares: cohort.lossSumSquares, clusterSquares }
  // An entity has at most all decisions.
  const most = cell.n > 0 ? cell.n * Math.max(deviations(cell), ROUNDING * cell.squares) : 0
  if (!Number.isFinite(clusterSquares) || clusterSquares > most * (1 + ROUNDING))
    refuse(`${nameOf(cohort)}: clusterSquares is ${clusterSquares}, and at most ${most} is possible`)
}

function checkBounds(cohort: Cohort, { lowest, highest }: NonNullable<Settings['bounds']>): void {
  const { labelled, lossSum, lossSumSquares, beyondBound } = cohort
  if (beyondBound > 0) return
  const largest = Math.max(Math.abs(lowest), Math.abs(highest))
  const slack = ROUNDING * largest * labelled
  const losses = `${labelled} losses from ${lowest} to ${highest}`
  if (lossSum < lowest * labelled - slack || lossSum > highest * labelled + slack)
    refuse(`${nameOf(cohort)}: lossSum is ${lossSum} of ${losses}`)
  // Of a given sum, the squares are largest where each loss is at a bound: (loss − lowest)(highest − loss) ≥ 0.
  const most = (lowest + highest) * lossSum - lowest * highest * labelled
  if (lossSumSquares > most + slack * largest)
    refuse(`${nameOf(cohort)}: lossSumSquares is ${lossSumSquares}, and at most ${most} is possible for ${losses}`)
}
