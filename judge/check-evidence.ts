/** Invalid evidence is refused with an error, and so is a result that overflowed: an error is not a verdict. */
import { SlipwayError } from '../contracts/failure.js'
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

/** @throws SlipwayError JudgeFailed naming cohort, field and value */
export function checkEvidence({ asOf, cohorts, looks }: Evidence): void {
  const seen = new Set<string>()
  for (const cohort of cohorts) {
    const name = nameOf(cohort)
    for (const field of FIGURES) {
      if (!Number.isFinite(cohort[field])) refuse(`${name}: ${field} is ${cohort[field]}`)
    }
    for (const field of COUNTS) {
      if (cohort[field] < 0 || cohort[field] > cohort.exposed)
        refuse(`${name}: ${field} is ${cohort[field]} of ${cohort.exposed} exposed`)
    }
    for (const [count, sum, squares] of SUMS) {
      // Cauchy–Schwarz: the square of a mean is at most the mean of squares.
      const of = Math.max(1, cohort[count])
      const mean = cohort[sum] / of
      if (mean * mean > (cohort[squares] / of) * (1 + ROUNDING) || (cohort[count] === 0 && mean !== 0))
        refuse(`${name}: ${sum} is ${cohort[sum]} and ${squares} ${cohort[squares]} of ${cohort[count]}`)
    }
    if (seen.has(name)) refuse(`${name} is given twice`)
    seen.add(name)
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
  const check = (value: unknown, path: string): void => {
    if (typeof value === 'number' && !Number.isFinite(value)) refuse(`numbers.${path} is ${value}`)
    if (typeof value !== 'object' || value === null) return
    for (const [name, inner] of Object.entries(value)) check(inner, path === '' ? name : `${path}.${name}`)
  }
  check(numbers, '')
}
