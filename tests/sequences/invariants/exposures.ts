import type { LedgerEntry } from '../../../registry/index.js'

/** The run that holds the lane: from the opening of its canary to its verdict. Its workflow id. */
export function openExposure(chain: readonly LedgerEntry[]): string | null {
  const open = new Set<string>()
  for (const { kind, subject, body } of chain) {
    if (kind === 'alias_move' && body.alias === 'canary' && body.to !== null) open.add(String(body.workflowId))
    if (kind === 'verdict') open.delete(subject)
  }
  const [first] = open
  return first ?? null
}

/** More than one is a violation, whatever the aliases say. */
export function exposureProblems(chain: readonly LedgerEntry[]): string[] {
  const open = new Set<string>()
  const problems: string[] = []
  for (const { kind, subject, body, seq } of chain) {
    if (kind === 'alias_move' && body.alias === 'canary' && body.to !== null) open.add(String(body.workflowId))
    if (kind === 'verdict') open.delete(subject)
    if (open.size > 1) problems.push(`at ${seq} the lane is held by ${[...open].join(' and ')}`)
  }
  return problems
}
