/**
 * Drops artifacts that are not needed. They are first recorded as dropped and then removed: a crash in between leaves
 * bytes that the next prune removes, but never missing bytes without an entry. No run starts during a removal: one that
 * writes the same bytes again starts either before, and is seen, or after, and writes them again. The ledgers are
 * locked only while the entries are appended or read, never during a request to the store.
 */
import { droppedArtifactsIn, droppedArtifactsKey, type LedgerEntry } from '../../contracts/ledger/index.js'
import type { RetentionPolicy } from '../../contracts/types.js'
import type { ArtifactStore } from '../artifacts/artifact-store.js'
import type { Database } from '../database/connect.js'
import { type Mention, mentionsOf } from './artifact-needs.js'
import { withoutStarts } from './hold-starts.js'
import { type AllLocked, type Ledgers, type LedgerView, withAllLedgers } from './lock-ledgers.js'
import type { PrunedArtifact, PruneReport, PruneRequest } from './retention-area.js'

/** Artifacts removed while no run starts: a remote store takes milliseconds for each. */
const BATCH = 50

interface Unneeded {
  readonly digest: string
  readonly what: string
  readonly projects: readonly string[]
}

export interface ArtifactPlan {
  readonly drop: readonly Unneeded[]
  /** Recorded as dropped; the bytes may still exist. */
  readonly recorded: readonly Unneeded[]
  readonly kept: PruneReport['kept']
}

export function planArtifacts(ledgers: Ledgers, { policies, project }: PruneRequest, now: number): ArtifactPlan {
  const byDigest = new Map<string, { project: string; mention: Mention; dropped: boolean }[]>()
  for (const [name, entries] of ledgers) {
    const drops = dropsOf(entries)
    for (const mention of mentionsOf(entries, policies.get(name), now).values()) {
      const dropped = (drops.get(mention.digest) ?? 0) > mention.seq
      byDigest.set(mention.digest, [...(byDigest.get(mention.digest) ?? []), { project: name, mention, dropped }])
    }
  }
  const plan = { drop: [] as Unneeded[], recorded: [] as Unneeded[] }
  const kept = new Map<string, number>()
  for (const [digest, mentions] of byDigest) {
    const other = project === undefined ? undefined : mentions.find((one) => one.project !== project)
    const why = mentions.find(({ mention }) => mention.why !== undefined)?.mention.why
    const artifact = { digest, what: mentions[0]?.mention.what ?? '', projects: mentions.map((one) => one.project) }
    if (other) continue
    const recorded = mentions.every(({ dropped }) => dropped)
    if (why === undefined) plan[recorded ? 'recorded' : 'drop'].push(artifact)
    // A dropped artifact that is needed after all cannot be restored; but when it is written again it must not be
    // removed.
    else if (!recorded) kept.set(why, (kept.get(why) ?? 0) + 1)
  }
  const counted = [...kept].map(([why, artifacts]) => ({ why, artifacts }))
  return { ...plan, kept: counted.sort((a, b) => b.artifacts - a.artifacts || (a.why < b.why ? -1 : 1)) }
}

/** The newest entry that drops an artifact, by digest. */
function dropsOf(entries: readonly LedgerEntry[]): Map<string, number> {
  const drops = new Map<string, number>()
  for (const entry of entries) {
    if (entry.kind !== 'dropped') continue
    for (const { digest } of droppedArtifactsIn(entry.body)) drops.set(digest, entry.seq)
  }
  return drops
}

interface Needs {
  readonly db: Database
  readonly store: ArtifactStore
  readonly now: () => number
  readonly view: LedgerView
}

/** Records dropped artifacts and removes their bytes, and the bytes that an earlier prune recorded. @returns both */
export async function dropArtifacts(
  { db, store, now, view }: Needs,
  request: PruneRequest & Required<Pick<PruneRequest, 'apply'>>,
): Promise<Pick<PruneReport, 'artifacts' | 'unfinished' | 'kept'>> {
  // Asked before the locks are taken: a remote store may be slow.
  const before = await withSizes(store, planArtifacts(await view.refresh(db), request, now()).drop)
  const sizes = new Map(before.map(({ digest, bytes }) => [digest, bytes]))
  const { plan, drop } = await withAllLedgers({ db, now, view }, async (locked) => {
    const found = planArtifacts(locked.ledgers, request, now())
    const known = found.drop.filter(({ digest }) => sizes.has(digest))
    await announce(locked, request, known)
    return { plan: found, drop: known }
  })
  const artifacts = drop.map((one) => ({ ...one, bytes: sizes.get(one.digest) ?? null }))
  const unfinished = await present(store, plan.recorded)
  const remove = [...artifacts, ...unfinished].filter(({ bytes }) => bytes !== null)
  for (let from = 0; from < remove.length; from += BATCH) {
    const batch = new Set(remove.slice(from, from + BATCH).map(({ digest }) => digest))
    await withoutStarts(db, async (stillHeld) => {
      const { recorded } = await withAllLedgers({ db, now, view }, async ({ ledgers }) =>
        planArtifacts(ledgers, request, now()),
      )
      for (const { digest } of recorded) {
        if (!batch.has(digest)) continue
        await stillHeld()
        await store.remove(digest)
      }
    })
  }
  return { artifacts, unfinished, kept: plan.kept }
}

async function announce(
  { lockedOf, ledgers }: AllLocked,
  { policies, apply }: PruneRequest & Required<Pick<PruneRequest, 'apply'>>,
  drop: readonly Unneeded[],
): Promise<void> {
  for (const project of ledgers.keys()) {
    const artifacts = drop
      .filter(({ projects }) => projects.includes(project))
      .map(({ digest, what }) => ({ digest, what }))
    const policy = policies.get(project)?.artifacts as RetentionPolicy['artifacts']
    if (artifacts.length === 0) continue
    const body = { artifacts, ...apply, policy }
    // Unique: under the lock no other entry can follow the newest one.
    const key = droppedArtifactsKey(ledgers.get(project)?.at(-1)?.seq ?? 0)
    await lockedOf(project).append({ project, kind: 'dropped', subject: 'artifacts', key, body })
  }
}

export const withSizes = (store: ArtifactStore, artifacts: readonly Unneeded[]): Promise<PrunedArtifact[]> =>
  Promise.all(artifacts.map(async (one) => ({ ...one, bytes: await store.size(one.digest) })))

export const present = async (store: ArtifactStore, artifacts: readonly Unneeded[]): Promise<PrunedArtifact[]> =>
  (await withSizes(store, artifacts)).filter(({ bytes }) => bytes !== null)
