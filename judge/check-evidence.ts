/** Invalid evidence is refused with an error, and so is a result that overflowed: an error is not a verdict. */
import { SlipwayError } from '../contracts/failure.js'
import { valueAt } from '../contracts/issue-text.js'
import type { Arm } from '../contracts/names.js'
import type { Evidence, Judgement } from '../contracts/types.js'

const FIGURES = [
  'exposed',
  'labelled',
  'lossSum',
  'lossSumSquares',
  'beyondBound',
  'estimated',
  'expectedLossSum',
  'expectedLossSumSquares',
  'expectedShare',
] as const

const SUMS = [
  ['labelled', 'lossSum', 'lossSumSquares'],
  ['estimated', 'expectedLossSum', 'expectedLossSumSquares'],
] as const
const COUNTS = ['labelled', 'estimated'] as const
const ROUNDING = 1e-9

export const nameOf = ({ day, arm }: Pick<Evidence['cohorts'][number], 'day' | 'arm'>): string => `cohort ${day}/${arm}`

const refuse = (what: string): never => {
  throw new SlipwayError('JudgeFailed', `invalid evidence: ${what}`)
}

/**
 * Simulations check the evidence of each look, so names are put together only for a refusal.
 * @throws SlipwayError JudgeFailed naming cohort, field and value
 */
export function checkEvidence({ asOf, cohorts, looks }: Evidence): void {
  const seen = new Map<Arm, Set<string>>()
  for (const cohort of cohorts) {
    for (const field of FIGURES) {
      if (!Number.isFinite(cohort[field])) refuse(`${nameOf(cohort)}: ${field} is ${cohort[field]}`)
    }
    for (const field of COUNTS) {
      if (cohort[field] < 0 || cohort[field] > cohort.exposed)
        refuse(`${nameOf(cohort)}: ${field} is ${cohort[field]} of ${cohort.exposed} exposed`)
    }
    for (const [count, sum, squares] of SUMS) {
      // Cauchy–Schwarz: the square of a mean is at most the mean of squares.
      const of = Math.max(1, cohort[count])
      const mean = cohort[sum] / of
      if (mean * mean > (cohort[squares] / of) * (1 + ROUNDING) || (cohort[count] === 0 && mean !== 0))
        refuse(`${nameOf(cohort)}: ${sum} is ${cohort[sum]} and ${squares} ${cohort[squares]} of ${cohort[count]}`)
    }
    const days = seen.get(cohort.arm) ?? new Set()
    if (days.has(cohort.day)) refuse(`${nameOf(cohort)} is given twice`)
    seen.set(cohort.arm, days.add(cohort.day))
  }
  const present = Date.parse(asOf)
  let before = Number.NEGATIVE_INFINITY
  for (const look of looks) {
    const at = Date.parse(look.asOf)
    if (!(at > before && at < present)) refuse(`looks: ${look.asOf} is out of order before ${asOf}`)
    before = at
  }
}

/** @throws SlipwayError JudgeFailed naming the number, for example when losses are so large that their sums overflow */
export function checkNumbers(numbers: Judgement['numbers']): void {
  const path = overflowIn(numbers)
  if (path) refuse(`numbers.${path.join('.')} is ${valueAt(numbers, path)}`)
}

/** @returns where the first number is that is not finite; undefined: there is none */
function overflowIn(value: unknown): string[] | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : []
  if (typeof value !== 'object' || value === null) return undefined
  for (const name of Object.keys(value)) {
    const within = overflowIn((value as Record<string, unknown>)[name])
    if (within) return [name, ...within]
  }
  return undefined
}
