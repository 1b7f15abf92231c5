import type { Aliases } from '../contracts/exposure.js'
import { REQUIRED_GATES } from '../contracts/names.js'

export interface BoundaryResult {
  /** `canary_open`, or `hold:` and the failed gates, sorted and joined by commas. */
  readonly decision: string
  readonly aliases: Aliases
}

/**
 * The promotion boundary: offline gates only permit opening a canary. Production is returned unchanged, whatever the
 * gates report. A gate has passed only if its value is literally `true`: absent, null or "true" is failed. A failed
 * gate beyond the required ones holds the candidate too.
 */
export function promotionBoundary(request: {
  readonly aliases: Aliases
  readonly candidate: string
  readonly gates: Readonly<Record<string, unknown>>
}): BoundaryResult {
  const { aliases, candidate, gates } = request
  const names = new Set<string>([...REQUIRED_GATES, ...Object.keys(gates)])
  const failed = [...names].filter((name) => !Object.hasOwn(gates, name) || gates[name] !== true).sort()
  return failed.length > 0
    ? { decision: `hold:${failed.join(',')}`, aliases }
    : { decision: 'canary_open', aliases: { production: aliases.production, canary: candidate } }
}
