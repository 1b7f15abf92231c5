/** The paired judgement of a candidate in the shadow, with the demands of the canary (docs/decisions/196). */
import type { Judgement, Paired } from '../../../contracts/types.js'
import { REQUIRED } from '../../conditions.js'
import { conclusionsOf } from '../conclusions.js'
import { constancy, daysDisagree } from '../days-disagree.js'
import { FEWEST_DAYS } from '../interval.js'
import type { Settings } from '../settings.js'
import { type PairedEffect, pairedEffect } from './effect.js'

export type PairedNumbers = NonNullable<Judgement['numbers']['paired']>

export interface JudgedPaired {
  readonly numbers: PairedNumbers
  /** The candidate is worse by more than the harm margin. */
  readonly harmful: boolean
}

/** Most losses of two releases are the same. Before this many differ, their mean is not close to normal. */
const FEWEST_DIFFERING = 100

export function judgePaired(settings: Settings, paired: Paired): JudgedPaired {
  const mature = paired.days.filter((day) => day.mature)
  const total = (field: 'exposed' | 'failed' | 'labelled' | 'differing' | 'referenceLabelled' | 'beyondBound') =>
    mature.reduce((sum, day) => sum + day[field], 0)
  const found = pairedEffect(settings, paired)
  const [exposed, labelled, differing] = [total('exposed'), total('labelled'), total('differing')]
  const interval = found?.interval ?? null
  const fewDiffer = settings.method !== 'bounded' && differing < FEWEST_DIFFERING
  const unmeasured = failing([
    ['no_mature_labels', labelled === 0],
    ['too_few_mature', labelled < settings.minMature],
    ['loss_beyond_bound', settings.refusesBeyondBound && total('beyondBound') > 0],
    ['too_few_differing_losses', labelled > 0 && fewDiffer],
  ])
  const conclusions = unmeasured.length > 0 ? [] : conclusionsOf(settings, interval, interval)
  const coverage = exposed > 0 ? labelled / exposed : null
  const unmet = [
    ...unmeasured,
    ...failing([
      ['too_few_days', tooFewDays(settings, found)],
      ['coverage_below_floor', (coverage ?? 0) < settings.minCoverage],
      ['coverage_differs', total('referenceLabelled') - labelled > settings.maxCoverageDifference * exposed],
      ['days_disagree', settings.acrossDays === 'fixed' && daysDisagree(settings, found)],
      ['inconclusive', !conclusions.includes(REQUIRED[settings.objective])],
    ]),
  ]
  const { effect = null, standardError = null, designEffect = null, differs = null, days = 0 } = found ?? {}
  const constant = found && constancy(settings, found)
  const numbers: PairedNumbers = {
    exposed,
    failed: total('failed'),
    labelled,
    differing,
    matureDays: days,
    coverage,
    effect,
    standardError,
    designEffect,
    interval,
    acrossDays: differs && {
      q: differs.q,
      p: differs.p,
      tau2: differs.tau2,
      ...(constant === null ? {} : { constant }),
    },
    conclusions,
    unmet,
  }
  return { numbers, harmful: conclusions.includes('harmful') }
}

const tooFewDays = ({ acrossDays, minMatureDays }: Settings, found: PairedEffect | null): boolean =>
  (found?.days ?? 0) < minMatureDays || (acrossDays === 'random' && (found?.differs?.days ?? 0) < FEWEST_DAYS)

const failing = (conditions: readonly (readonly [code: string, fails: boolean])[]): string[] =>
  conditions.flatMap(([code, fails]) => (fails ? [code] : []))
