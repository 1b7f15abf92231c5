import type { SegmentSums } from '../../../contracts/types.js'
import { mixtureRho } from '../../confidence-sequence.js'
import { boundedHalfWidthOfSums } from '../bounded.js'
import { FEWEST_DAYS, type Interval } from '../interval.js'
import { boundaryFor } from '../sequence.js'
import type { Stratified } from '../stratified.js'
import { studentFor } from '../student.js'
import type { SegmentSettings } from './settings.js'

/**
 * Interval around the effect in a segment. Where losses are bounded it is the one that holds for few decisions too,
 * whatever the method: at a level of alpha ÷ 20, three rare losses in a small arm would be beyond a normal
 * approximation. Everything but the boundary is the same at each level: conclusions are nested.
 * @returns null where it cannot be computed
 */
export function segmentInterval(
  settings: SegmentSettings,
  sums: SegmentSums,
  measured: Stratified,
  level: number,
): Interval | null {
  if (measured.standardError === 0) return null
  const { tunedFor, acrossDays } = settings
  const boundary = boundaryFor(mixtureRho(settings.level, tunedFor), measured.information, level)
  const width =
    acrossDays === 'random'
      ? randomHalfWidth(settings, { sums, measured, level }, boundary)
      : fixedHalfWidth(settings, { sums, measured, level }, boundary)
  return width === null || !Number.isFinite(width) ? null : [measured.effect - width, measured.effect + width]
}

interface Request {
  readonly sums: SegmentSums
  readonly measured: Stratified
  readonly level: number
}

function fixedHalfWidth(settings: SegmentSettings, { sums, measured, level }: Request, boundary: number): number {
  const { bounds, tunedFor } = settings
  const { designEffect, weight } = measured
  return bounds && sums.unpredicted !== undefined
    ? boundedHalfWidthOfSums(
        { weight, unpredicted: sums.unpredicted },
        { bounds, alpha: settings.level, tunedFor, designEffect, level },
      )
    : boundary * measured.standardError
}

function randomHalfWidth(settings: SegmentSettings, request: Request, boundary: number): number | null {
  const { comparableDays, betweenDays } = request.sums
  if (comparableDays < FEWEST_DAYS) return null
  const critical = studentFor(boundary, comparableDays - 1)
  const between = Math.sqrt(betweenDays) / request.measured.weight
  return Math.hypot(fixedHalfWidth(settings, request, critical), critical * between)
}
