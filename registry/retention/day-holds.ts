/** Why a day of decisions must be kept. */
import { durationMs } from '../../contracts/duration.js'
import { digestVersionOf } from '../../contracts/ledger/index.js'
import { isIntact } from '../ledger/entry-hash.js'
import { closingOf } from './closings.js'
import type { Ledgers } from './lock-ledgers.js'
import { needsDay, runsOf } from './retained-runs.js'
import type { PruneRequest, RetentionArea } from './retention-area.js'
import { keptMs } from './retention-policy.js'
import type { RowCounts, StoredDay } from './stored-days.js'

export interface PruneContext {
  readonly ledgers: Ledgers
  readonly request: PruneRequest
  readonly now: number
}

/** Why a day is kept; undefined when it is not needed. */
export function reasonToKeep(
  { day }: StoredDay,
  counts: RowCounts,
  { ledgers, request, now }: PruneContext,
): string | undefined {
  const over = Date.parse(day) + durationMs('1d')
  const projects = Object.keys(counts).sort()
  if (projects.length === 0) {
    const longest = Math.max(...[...request.policies.values()].map(({ decisions }) => keptMs(decisions)))
    return over + longest > now ? 'it is empty, and not older than the projects keep decisions' : undefined
  }
  for (const project of projects) {
    const policy = request.policies.get(project)
    if (!policy) return `it contains rows of ${project}, which is not loaded here`
    if (request.project !== undefined && project !== request.project)
      return `it also contains rows of ${project}; prune without --project`
    if (over + keptMs(policy.decisions) > now)
      return `${project} keeps decisions ${policy.decisions === 'forever' ? '' : 'for '}${policy.decisions}`
    const entries = ledgers.get(project) ?? []
    for (const table of ['decisions', 'outcomes'] as const)
      if (counts[project]?.[table] && !closingOf(entries, table, day))
        return `${table} of ${project} are not closed yet`
    const need = needsDay(runsOf(entries), day, now)
    if (need !== undefined) return need
  }
  return undefined
}

/** Why the rows of a day differ from its closing; such rows are kept as evidence. */
export async function differenceFromClosing(
  { digestDay }: Pick<RetentionArea, 'digestDay'>,
  { day }: StoredDay,
  counts: RowCounts,
  ledgers: Ledgers,
): Promise<string | undefined> {
  for (const project of Object.keys(counts)) {
    for (const table of ['decisions', 'outcomes'] as const) {
      const closing = closingOf(ledgers.get(project) ?? [], table, day)
      if (!closing) continue
      const { digest } = closing.body
      const version = digestVersionOf(closing.body)
      const found = isIntact(closing) ? await digestDay({ project, table, day }, version) : undefined
      if (found?.digest !== digest)
        return `${table} of ${project} differ from their closing; run: slipway registry verify`
    }
  }
  return undefined
}
