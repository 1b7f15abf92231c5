import type { PromotionPolicy } from '../contracts/types.js'
import { tailWarning } from '../judge/index.js'

/** What makes a policy that can decide a worse one: a sentence each, with what to change. */
export function policyWarnings(policy: PromotionPolicy): string[] {
  const tail = tailWarning(policy)
  return tail === null ? [] : [tail]
}
