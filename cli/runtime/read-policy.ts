/** Reads a policy file named on the command line. */
import { parseOrRefuse } from '../../contracts/parse.js'
import { promotionPolicy } from '../../contracts/schemas/index.js'
import type { PromotionPolicy } from '../../contracts/types.js'
import { readJson } from './read-json.js'

/**
 * The file holds the fields to change in `base`, or a whole policy if `base` is undefined. Unknown keys are refused.
 */
export const readPolicy = (file: string, base: PromotionPolicy | undefined): PromotionPolicy =>
  parseOrRefuse(promotionPolicy, merge(base, readJson(file, 'policy file')), `policy ${file}`)

function merge(base: unknown, changes: unknown): unknown {
  const plain = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
  if (!plain(base) || !plain(changes)) return changes
  const merged = Object.entries(changes).map(([key, value]) => [key, merge(base[key], value)])
  return { ...base, ...Object.fromEntries(merged) }
}
