import { DAY_MS } from '../../../contracts/duration.js'
import type { PastLook, PromotionPolicy } from '../../../contracts/types.js'
import { judge, pastLook } from '../../../judge/index.js'
import { SIMULATED_START } from '../../../judge/simulation/evidence.js'
import { streamEvidence } from '../../../judge/simulation/stream/stream-evidence.js'
import type { StreamDay } from '../../../judge/simulation/stream/sums.js'
import { HORIZON_DAYS } from '../stream.js'

export interface Claim {
  readonly action: 'promote' | 'rollback' | null
  /** Of the last look. */
  readonly reason: string
}

const NEVER = '9999-12-31T00:00:00.000Z'

/** One look a day until the judge claims that the arms differ, whatever the policy's steps. */
export function claimOf(policy: PromotionPolicy, days: readonly StreamDay[]): Claim {
  const looks: PastLook[] = []
  let reason = ''
  for (let today = HORIZON_DAYS + 1; today <= days.length; today += 1) {
    const asOf = SIMULATED_START + today * DAY_MS
    const evidence = streamEvidence(days.slice(0, today), { asOf, labelHorizonMs: HORIZON_DAYS * DAY_MS, looks })
    const judged = judge(policy, evidence, NEVER)
    if (judged.action === 'promote' || judged.action === 'rollback') return judged as Claim
    looks.push(pastLook(judged))
    reason = judged.reason
  }
  return { action: null, reason }
}
