/** Whether an artifact was dropped by policy, according to the ledger. */
import { sql } from 'kysely'
import { SlipwayError } from '../../contracts/failure.js'
import { droppedArtifactsIn } from '../../contracts/ledger/index.js'
import type { Database } from '../database/connect.js'
import { ENTRY_COLUMNS, type EntryRow, toEntry, toEntryOf } from '../ledger/entry-hash.js'
import { artifactsOf } from '../ledger/named-artifacts.js'
import type { ArtifactState } from './retention-area.js'

/** Where an artifact was last named and last dropped, by project. */
interface Mentions {
  readonly named: Map<string, number>
  readonly dropped: Map<string, EntryRow>
}

export async function artifactState(db: Database, digest: string, project?: string): Promise<ArtifactState> {
  const { named, dropped } = await mentions(db, digest, project)
  if (named.size === 0) return { state: 'unknown' }
  let newest: EntryRow | undefined
  for (const [name, seq] of named) {
    const drop = dropped.get(name)
    if (!drop || Number(drop.seq) < seq) return { state: 'recorded' }
    if (!newest || drop.at > newest.at) newest = drop
  }
  if (!newest) return { state: 'recorded' }
  const { by, reason } = toEntryOf(newest, ['dropped']).body
  return { state: 'dropped', project: newest.project, seq: Number(newest.seq), at: newest.at.toISOString(), by, reason }
}

async function mentions(db: Database, digest: string, project: string | undefined): Promise<Mentions> {
  let query = db
    .selectFrom('chain_entries')
    .select(ENTRY_COLUMNS)
    // Kinds as literals, for the indexes of the digests that these entries contain.
    .where(
      sql<boolean>`(kind in ('release', 'snapshot', 'training_run', 'dropped') and slipway_digests(body) @> array[${digest}::text]
        or kind = 'source' and slipway_digests(body) @> array[${digest}::text])`,
    )
  if (project !== undefined) query = query.where('project', '=', project)
  const found: Mentions = { named: new Map(), dropped: new Map() }
  for (const row of await query.orderBy('seq').execute()) {
    const entry = toEntry(row)
    if (entry.kind === 'dropped') {
      if (droppedArtifactsIn(entry.body).some((one) => one.digest === digest)) found.dropped.set(row.project, row)
    } else if (artifactsOf(entry).some((one) => one.digest === digest)) found.named.set(row.project, entry.seq)
  }
  return found
}

interface ServedRelease {
  readonly project: string
  readonly releaseId: string
  readonly artifact: string
}

/** @throws SlipwayError BadRequest when the model that a rollback would restore was dropped */
export async function requireKeptArtifact(
  db: Database,
  { project, releaseId, artifact }: ServedRelease,
): Promise<void> {
  const state = await artifactState(db, artifact, project)
  if (state.state !== 'dropped') return
  const dropped = `dropped by policy on ${state.at} by ${state.by} (${state.reason})`
  throw new SlipwayError(
    'BadRequest',
    `release "${releaseId}" cannot answer any more: its model was ${dropped}; choose a newer one, see: slipway release list`,
  )
}
