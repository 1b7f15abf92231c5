import type { LedgerEntry } from '../../../registry/index.js'

/** Workflow id of the run that holds the lane, from the opening of its canary to its verdict. */
export function openExposure(entries: readonly LedgerEntry[]): string | null {
  const open = new Set<string>()
  for (const { kind, subject, body } of entries) {
    if (kind === 'alias_move' && body.alias === 'canary' && body.to !== null) open.add(String(body.workflowId))
    if (kind === 'verdict') open.delete(subject)
  }
  const [first] = open
  return first ?? null
}

/** More than one holder is a violation, whatever the aliases are. */
export function exposureProblems(entries: readonly LedgerEntry[]): string[] {
  const open = new Set<string>()
  const problems: string[] = []
  for (const { kind, subject, body, seq } of entries) {
    if (kind === 'alias_move' && body.alias === 'canary' && body.to !== null) open.add(String(body.workflowId))
    if (kind === 'verdict') open.delete(subject)
    if (open.size > 1) problems.push(`at ${seq} the lane is held by ${[...open].join(' and ')}`)
  }
  return problems
}
