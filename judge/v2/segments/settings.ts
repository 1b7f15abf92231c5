import type { PromotionPolicy, SegmentsPolicy } from '../../../contracts/types.js'
import type { Settings } from '../settings.js'

export interface SegmentSettings extends Settings {
  readonly names: readonly string[]
  readonly onHarm: SegmentsPolicy['onHarm']
  /** Smallest level at which a segment is tested: that of Bonferroni. */
  readonly level: number
}

/** @returns undefined for a policy without segments */
export function segmentSettings(policy: PromotionPolicy, settings: Settings): SegmentSettings | undefined {
  const { segments } = policy
  if (!segments || segments.of.length === 0) return undefined
  const count = segments.of.length
  return {
    ...settings,
    names: segments.of.map(({ name }) => name),
    onHarm: segments.onHarm,
    level: settings.alpha / count,
    // When all decisions together are as many as `tunedFor`, a segment has a part of them.
    tunedFor: Math.max(1, settings.tunedFor / count),
    minMature: segments.minMature ?? settings.minMature,
    margins: { ...settings.margins, harm: segments.harmMargin ?? settings.margins.harm },
  }
}
