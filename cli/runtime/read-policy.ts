/** Reads a policy file named on the command line. */

import { readFileSync } from 'node:fs'
import { errorText } from '../../contracts/error-text.js'
import { SlipwayError } from '../../contracts/failure.js'
import { parseOrRefuse } from '../../contracts/parse.js'
import { promotionPolicy } from '../../contracts/schemas/index.js'
import type { PromotionPolicy } from '../../contracts/types.js'

/**
 * The file holds the fields to change in `base`, or a whole policy if `base` is undefined. Unknown keys are refused.
 */
export function readPolicy(file: string, base: PromotionPolicy | undefined): PromotionPolicy {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    throw new SlipwayError('BadRequest', `policy file ${file} cannot be read; name an existing JSON file`)
  }
  let changes: unknown
  try {
    changes = JSON.parse(text)
  } catch (error) {
    throw new SlipwayError('BadRequest', `policy file ${file} is not JSON: ${errorText(error)}`)
  }
  return parseOrRefuse(promotionPolicy, merge(base, changes), `policy ${file}`)
}

function merge(base: unknown, changes: unknown): unknown {
  const plain = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
  if (!plain(base) || !plain(changes)) return changes
  const merged = Object.entries(changes).map(([key, value]) => [key, merge(base[key], value)])
  return { ...base, ...Object.fromEntries(merged) }
}
