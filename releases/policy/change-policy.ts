/** A policy from another one and the fields to change. */
import { SlipwayError } from '../../contracts/failure.js'
import { parseJson } from '../../contracts/json-text.js'
import { parseOrRefuse } from '../../contracts/parse.js'
import { promotionPolicy } from '../../contracts/schemas/index.js'
import type { PromotionPolicy } from '../../contracts/types.js'

/**
 * @param changes the fields to change in `base`, or a whole policy if `base` is undefined; unknown keys are refused
 * @param besides as of `parseOrRefuse`
 * @throws SlipwayError BadRequest
 */
export const changedPolicy = (
  base: PromotionPolicy | undefined,
  changes: unknown,
  what: string,
  besides: readonly string[] = [],
): PromotionPolicy => parseOrRefuse(promotionPolicy, merge(base, changes), what, besides)

/**
 * @param text JSON of the fields to change, or of a whole policy, which then replaces `base`
 * @throws as `changedPolicy`
 */
export function policyOfText(base: PromotionPolicy, text: string): PromotionPolicy {
  const changes = jsonOf(text)
  const whole = promotionPolicy.safeParse(changes)
  return whole.success ? whole.data : changedPolicy(base, changes, 'policy')
}

function jsonOf(text: string): unknown {
  try {
    return parseJson(text)
  } catch (error) {
    throw new SlipwayError('BadRequest', `policy: it is not JSON: ${(error as Error).message}`, { cause: error })
  }
}

export const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export function merge(base: unknown, changes: unknown): unknown {
  if (!isPlain(base) || !isPlain(changes)) return changes
  const merged = Object.entries(changes).map(([key, value]) => [key, merge(base[key], value)])
  return { ...base, ...Object.fromEntries(merged) }
}
