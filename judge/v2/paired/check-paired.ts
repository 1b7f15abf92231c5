import { SlipwayError } from '../../../contracts/failure.js'
import type { Paired } from '../../../contracts/types.js'
import type { Settings } from '../settings.js'

const COUNTS = ['exposed', 'failed', 'referenceLabelled', 'labelled', 'differing', 'beyondBound', 'entities'] as const
const ROUNDING = 1e-6

const refuse = (what: string): never => {
  throw new SlipwayError('JudgeFailed', `invalid evidence: ${what}`)
}

/** @throws SlipwayError JudgeFailed naming day, field and value */
export function checkPaired({ days, clusterSquares }: Paired, { bounds }: Pick<Settings, 'bounds'>): void {
  let before = ''
  for (const day of days) {
    const name = `paired ${day.day}`
    if (day.day <= before) refuse(`${name} is given twice or out of order`)
    before = day.day
    for (const field of COUNTS) {
      const value = day[field]
      if (!(Number.isSafeInteger(value) && value >= 0)) refuse(`${name}: ${field} is ${value}`)
      if (field !== 'exposed' && value > day.exposed) refuse(`${name}: ${field} is ${value} of ${day.exposed} exposed`)
    }
    const { labelled, differing, sum, sumSquares } = day
    if (differing > labelled) refuse(`${name}: differing is ${differing} of ${labelled} labelled`)
    if (labelled > day.referenceLabelled)
      refuse(`${name}: labelled is ${labelled}, and referenceLabelled ${day.referenceLabelled}`)
    // Cauchy–Schwarz, over the differences that are not zero.
    if (!(sum * sum <= differing * sumSquares * (1 + ROUNDING)) || !Number.isFinite(sumSquares))
      refuse(`${name}: sum is ${sum} and sumSquares ${sumSquares} of ${differing} that differ`)
    if (bounds && day.beyondBound === 0) {
      const most = (bounds.highest - bounds.lowest) ** 2 * differing
      if (sumSquares > most * (1 + ROUNDING))
        refuse(`${name}: sumSquares is ${sumSquares}, and at most ${most} is possible`)
    }
    // An entity has at most all decisions.
    if (!(day.clusterSquares >= 0 && day.clusterSquares <= labelled * sumSquares * (1 + ROUNDING)))
      refuse(`${name}: clusterSquares is ${day.clusterSquares}`)
  }
  if (!(Number.isFinite(clusterSquares) && clusterSquares >= 0)) refuse(`paired.clusterSquares is ${clusterSquares}`)
}
