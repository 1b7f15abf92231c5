/** The settings of judge 2. It must keep the meaning of absent fields permanently, as judge 1 does. */
import type { JudgePolicy } from '../../contracts/types.js'
import { type Settings as Settings1, settingsOf } from '../settings.js'

export interface Settings extends Settings1 {
  readonly method: 'confidence_sequence' | 'group_sequential' | 'bounded'
  /** Null if losses are unbounded. */
  readonly bounds: { readonly lowest: number; readonly highest: number } | null
  readonly acrossDays: 'fixed' | 'random'
  /** Null if the policy states none. */
  readonly daysDisagreeAlpha: number | null
}

/**
 * @param inProbation a probation has few mature days and no planned information, and harm must stay armed
 * @param judgements that are made of one canary and share its alpha: its own, and perhaps that of its shadow
 */
export function settings2(policy: JudgePolicy, inProbation: boolean, judgements = 1): Settings {
  const settings = settingsOf(policy, inProbation)
  const asked = policy.method === 'bounded' ? 'bounded' : 'confidence_sequence'
  return {
    ...settings,
    // Together, all canaries of the same release make a wrong conclusion at most this often. A probation is not a try.
    alpha: inProbation ? settings.alpha : settings.alpha / ((policy.maxRuns ?? 1) * judgements),
    method: settings.plan ? 'group_sequential' : asked,
    bounds: policy.lossBound ?? null,
    acrossDays: inProbation ? 'fixed' : (policy.acrossDays ?? 'fixed'),
    daysDisagreeAlpha: policy.daysDisagreeAlpha ?? null,
  }
}
