/** Which artifacts may still be needed, and why. Pure, computed from the ledger's entries. */
import { bodiesOf, heldIn, type LedgerEntry, ofKind, runOf } from '../../contracts/ledger/index.js'
import type { RetentionPolicy } from '../../contracts/types.js'
import { artifactsOf } from '../ledger/named-artifacts.js'
import { isOpen, runsOf } from './retained-runs.js'
import { keptMs } from './retention-policy.js'

export interface Mention {
  readonly digest: string
  readonly what: string
  /** Sequence number of the newest entry that names it. */
  readonly seq: number
  /** Why it is kept; undefined when it is not needed. */
  readonly why: string | undefined
}

/**
 * @param entries of one project, oldest first
 * @param policy undefined when the project is not loaded
 * @param now epoch ms
 */
export function mentionsOf(
  entries: readonly LedgerEntry[],
  policy: RetentionPolicy | undefined,
  now: number,
): Map<string, Mention> {
  const project = entries[0]?.project ?? ''
  const runs = runsOf(entries)
  const open = new Set(runs.filter(isOpen).map(({ workflowId }) => workflowId))
  const starting = runs.find((run) => isOpen(run) && !run.hasRelease)
  const releases = neededReleases(entries, policy, open)
  const owners = ownersOf(entries)
  const mentions = new Map<string, Mention>()
  for (const entry of entries) {
    const run = runOf(entry)
    for (const { digest, what } of artifactsOf(entry)) {
      const known = mentions.get(digest)
      const why =
        known?.why ??
        first(owners.get(digest), releases) ??
        first(owners.get(run), releases) ??
        (open.has(run) ? `${run} is open` : undefined) ??
        young(entry, policy, now) ??
        (policy ? undefined : `project ${project} is not loaded here`) ??
        (starting && `${starting.workflowId} may be writing the same bytes again`)
      mentions.set(digest, { digest, what: known?.what ?? what, seq: entry.seq, why })
    }
  }
  return mentions
}

function young({ at }: LedgerEntry, policy: RetentionPolicy | undefined, now: number): string | undefined {
  if (!policy || Date.parse(at) + keptMs(policy.artifacts.keepFor) <= now) return undefined
  return `named within ${policy.artifacts.keepFor}`
}

const first = (ids: readonly string[] | undefined, releases: ReadonlyMap<string, string>): string | undefined =>
  ids?.map((id) => releases.get(id)).find((why) => why !== undefined)

/** Releases whose artifacts must be kept, by id, with the reason. */
function neededReleases(
  entries: readonly LedgerEntry[],
  policy: RetentionPolicy | undefined,
  open: ReadonlySet<string>,
): Map<string, string> {
  const needed = new Map<string, string>()
  const note = (id: string | null | undefined, why: string) => {
    if (typeof id === 'string' && !needed.has(id)) needed.set(id, why)
  }
  const moves = entries.filter(ofKind('alias_move'))
  for (const alias of ['production', 'canary']) {
    const to = moves.findLast(({ subject }) => subject === alias)?.body.to
    note(to, `${to} is ${alias}`)
  }
  for (const id of namedByOpenRuns(entries, open)) note(id, `an open run needs ${id}`)
  const count = policy?.artifacts.keepReleases ?? Number.POSITIVE_INFINITY
  const registered = entries.filter(({ kind }) => kind === 'release').map(({ subject }) => subject)
  const inProduction = moves.filter(({ subject }) => subject === 'production').map(({ body }) => body.to)
  for (const id of newest(registered, count)) note(id, `one of the last ${count} releases`)
  for (const id of newest(inProduction, count)) note(id, `one of the last ${count} in production`)
  return needed
}

const newest = (ids: readonly (string | null)[], count: number): (string | null)[] =>
  [...new Set(ids.filter((id) => id !== null).reverse())].slice(0, count)

/**
 * Candidate and reference of open runs: whatever release they speak of, and what was in production since the first of
 * them began.
 */
function namedByOpenRuns(entries: readonly LedgerEntry[], open: ReadonlySet<string>): Set<string> {
  const known = new Set(entries.filter(({ kind }) => kind === 'release').map(({ subject }) => subject))
  const found = new Set<string>()
  let production: string | null = null
  let begun = false
  for (const entry of entries) {
    if (entry.kind === 'alias_move' && entry.subject === 'production') production = entry.body.to
    const ofOpen = open.has(runOf(entry))
    if (entry.kind === 'trigger' && ofOpen) begun = true
    if (begun && production !== null) found.add(production)
    if (!ofOpen) continue
    if (known.has(entry.subject)) found.add(entry.subject)
    for (const { text } of heldIn(entry, 'releaseId')) if (known.has(text)) found.add(text)
  }
  return found
}

/** Releases by what they need: the digest of an artifact, or the run that made them. */
function ownersOf(entries: readonly LedgerEntry[]): Map<string, string[]> {
  const owners = new Map<string, string[]>()
  const own = (what: string, id: string) => owners.set(what, [...(owners.get(what) ?? []), id])
  const data = new Map(bodiesOf(entries, 'snapshot').map(({ digest, manifest }) => [digest, manifest.data]))
  for (const entry of entries) {
    if (entry.kind === 'release') {
      const { model, snapshot } = entry.body.manifest
      own(model.artifact, entry.subject)
      own(data.get(snapshot) ?? snapshot, entry.subject)
      own(runOf(entry), entry.subject)
    }
    if (entry.kind === 'evaluation') own(runOf(entry), entry.body.releaseId)
  }
  return owners
}
