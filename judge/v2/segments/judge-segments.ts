import type { Evidence, PromotionPolicy, SegmentNumbers, SegmentsPolicy } from '../../../contracts/types.js'
import type { Settings } from '../settings.js'
import { checkSegments } from './check.js'
import { segmentEffects } from './effects.js'
import { segmentSettings } from './settings.js'

export interface JudgedSegments {
  readonly onHarm: SegmentsPolicy['onHarm']
  readonly numbers: SegmentNumbers[]
  /** Those with harm, the largest effect first. */
  readonly harmed: readonly SegmentNumbers[]
}

/** @returns undefined for a policy without segments, and for evidence of a shadow, which has none */
export function judgeSegments(
  policy: PromotionPolicy,
  settings: Settings,
  evidence: Evidence,
): JudgedSegments | undefined {
  const asked = segmentSettings(policy, settings)
  checkSegments(evidence, asked)
  if (!asked || !evidence.segments) return undefined
  const numbers = segmentEffects(asked, evidence.segments)
  const harmed = numbers.filter(({ harmful }) => harmful).sort((a, b) => (b.effect ?? 0) - (a.effect ?? 0))
  return { onHarm: asked.onHarm, numbers, harmed }
}
