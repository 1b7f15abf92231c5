/**
 * Harm by segment. Holm's procedure holds the error rate over all segments, however they overlap; each test is valid at
 * every look, and so are all together (docs/decisions/194).
 */
import { UNKNOWN_SEGMENT } from '../../../contracts/segments.js'
import type { SegmentNumbers, SegmentSums } from '../../../contracts/types.js'
import type { Interval } from '../interval.js'
import { fromSums, type Stratified } from '../stratified.js'
import { segmentInterval } from './interval.js'
import type { SegmentSettings } from './settings.js'

interface Tested {
  readonly sums: SegmentSums
  readonly measured: Stratified | null
  interval: Interval | null
  harmful: boolean
}

/** In the order of the policy, and then `unknown`, which is shown and never concludes anything. */
export function segmentEffects(settings: SegmentSettings, all: readonly SegmentSums[]): SegmentNumbers[] {
  const byName = new Map(all.map((sums) => [sums.name, sums]))
  const tested = [...settings.names, UNKNOWN_SEGMENT].flatMap((name): Tested[] => {
    const sums = byName.get(name)
    if (!sums) return []
    const measured = sums.days === 0 ? null : fromSums(sums, sums.byEntity, settings.designEffect)
    return [{ sums, measured, interval: null, harmful: false }]
  })
  // Every segment of the policy counts, also one without a decision: their number is fixed before any loss is seen.
  for (let found = -1; found < harmfulIn(tested); ) {
    found = harmfulIn(tested)
    const level = settings.alpha / Math.max(1, settings.names.length - found)
    for (const one of tested) if (!one.harmful) test(settings, one, level)
  }
  return tested.map(numbersOf)
}

const harmfulIn = (tested: readonly Tested[]): number => tested.filter(({ harmful }) => harmful).length

function test(settings: SegmentSettings, one: Tested, level: number): void {
  const { sums, measured } = one
  one.interval = measured && segmentInterval(settings, sums, measured, level)
  const enough = Math.min(sums.challenger, sums.reference) >= settings.minMature
  one.harmful = sums.name !== UNKNOWN_SEGMENT && enough && (one.interval?.[0] ?? 0) > settings.margins.harm
}

const numbersOf = ({ sums, measured, interval, harmful }: Tested): SegmentNumbers => ({
  name: sums.name,
  days: sums.days,
  challenger: sums.challenger,
  reference: sums.reference,
  effect: measured?.effect ?? null,
  designEffect: measured?.designEffect ?? null,
  interval,
  harmful,
})
