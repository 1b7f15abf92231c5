import type { GateResult, PromotionPolicy, SnapshotManifest } from '../contracts/types.js'

type Evaluated = Pick<SnapshotManifest, 'cutoff' | 'source'>

/**
 * A candidate with an earlier cutoff than production is compared on days that production has learned. Data of another
 * source were not learned, whatever their dates.
 * @returns a gate that says so, failed unless the policy allows it; null for any other candidate
 */
export function backdatedGate(
  candidate: Evaluated,
  production: Evaluated,
  { schema, offline }: Pick<PromotionPolicy, 'schema' | 'offline'>,
): GateResult | null {
  if (candidate.source.name !== production.source.name) return null
  if (Date.parse(candidate.cutoff) >= Date.parse(production.cutoff)) return null
  // Policies of version 1 are judged as they were.
  const isAllowed = schema === 'slipway.policy/1' || offline?.backdated === 'allow'
  const what = `production has data up to ${production.cutoff} and learned held-out days of this candidate, whose cutoff is ${candidate.cutoff}`
  const detail = isAllowed
    ? `${what}; the policy allows it, and the comparison favours production`
    : `${what}; give a later cutoff, or state offline.backdated: allow in the policy`
  return { name: 'production_not_newer', passed: isAllowed, value: null, threshold: null, detail }
}
