/** Releases and snapshots: ledger entries that are found by digest and checked against it at every read. */
import { sql } from 'kysely'
import { digestOf } from '../../contracts/canonical.js'
import { SlipwayError } from '../../contracts/failure.js'
import { type LedgerEntry, releaseKey } from '../../contracts/ledger/index.js'
import { releaseManifest } from '../../contracts/schemas/index.js'
import type { ReleaseManifest } from '../../contracts/types.js'
import type { Database } from '../database/connect.js'
import type { LockedLedger, WithLedger } from '../ledger/append-entries.js'
import { ENTRY_COLUMNS, hashedOf, hashOf, toEntryOf } from '../ledger/entry-hash.js'
import { judgedOpenings } from './judged-openings.js'
import { newestRelease } from './newest-release.js'
import type { ReleaseRecord, ReleasesArea } from './releases-area.js'

type Releases = Pick<ReleasesArea, 'register' | 'get' | 'snapshot' | 'judgedOpenings'>

export function createReleases(db: Database, withLedger: WithLedger): Releases {
  const releases: Releases = {
    async register({ project, manifest, workflowId, at }) {
      refuseMalformed(project, manifest)
      const digest = digestOf(manifest)
      const key = releaseKey(digest)
      return withLedger(project, async (ledger) => {
        const known = await releaseByKey(ledger, project, key)
        if (known !== undefined) return { releaseId: known, digest }
        const releaseId = `${project}_v${await nextNumber(ledger, project)}`
        const body = { digest, manifest, workflowId }
        await ledger.insert({
          project,
          kind: 'release',
          subject: releaseId,
          key,
          body,
          ...(at === undefined ? {} : { at }),
        })
        return { releaseId, digest }
      })
    },

    async get(idOrDigest) {
      const by = idOrDigest.startsWith('sha256:') ? 'digest' : 'subject'
      const entry = await findIntact(db, 'release', by, idOrDigest)
      if (!entry) throw new SlipwayError('BadRequest', `release "${idOrDigest}" is unknown; see: slipway release list`)
      return toRelease(entry)
    },

    async snapshot(digest) {
      const entry = await findIntact(db, 'snapshot', 'digest', digest)
      if (!entry) throw new SlipwayError('BadRequest', `snapshot "${digest}" is unknown`)
      return entry.body.manifest
    },

    judgedOpenings: async (releaseId) => judgedOpenings(db, (await releases.get(releaseId)).manifest),
  }
  return releases
}

function toRelease({ project, subject, at, body }: LedgerEntry<'release'>): ReleaseRecord {
  const { digest, manifest, workflowId } = body
  return { releaseId: subject, digest, project, manifest, workflowId, at }
}

function refuseMalformed(project: string, manifest: ReleaseManifest): void {
  const parsed = releaseManifest.safeParse(manifest)
  if (!parsed.success) {
    const first = parsed.error.issues[0]
    throw new SlipwayError(
      'BadRequest',
      `the release manifest is malformed: ${first?.path.join('.')}: ${first?.message}`,
    )
  }
  if (manifest.project === project) return
  throw new SlipwayError('BadRequest', `the release manifest is of project "${manifest.project}", not "${project}"`)
}

async function releaseByKey({ db }: LockedLedger, project: string, key: string): Promise<string | undefined> {
  const query = db.selectFrom('chain_entries').select('subject').where('project', '=', project).where('key', '=', key)
  return (await query.executeTakeFirst())?.subject
}

/** Releases are numbered from 1 in order, so the newest one has their number. */
async function nextNumber({ db }: LockedLedger, project: string): Promise<number> {
  const newest = await newestRelease(db, project)
  if (newest === undefined) return 1
  const number = newest.startsWith(`${project}_v`) ? Number(newest.slice(`${project}_v`.length)) : Number.NaN
  if (Number.isSafeInteger(number)) return number + 1
  throw new SlipwayError('ArtifactMismatch', `the newest release of ${project} is "${newest}", which has no number`)
}

/** @throws SlipwayError ArtifactMismatch when the entry or its manifest is not what was recorded */
async function findIntact<Kind extends 'release' | 'snapshot'>(
  db: Database,
  kind: Kind,
  by: 'subject' | 'digest',
  value: string,
): Promise<LedgerEntry<Kind> | undefined> {
  // The kind is a literal and not a parameter; otherwise the planner cannot use the partial index on these kinds.
  const row = await db
    .selectFrom('chain_entries')
    .select(ENTRY_COLUMNS)
    .where('kind', '=', sql.lit(kind))
    .where(by === 'digest' ? sql`(body::jsonb ->> 'digest')` : sql.ref('subject'), '=', value)
    .orderBy('seq')
    .limit(1)
    .executeTakeFirst()
  if (!row) return undefined
  if (hashOf(hashedOf(row)) !== row.hash) {
    throw new SlipwayError(
      'ArtifactMismatch',
      `entry ${row.seq} of ${row.project}, ${kind} ${value}, was altered after it was recorded`,
    )
  }
  const entry = toEntryOf(row, [kind])
  const found = digestOf(entry.body.manifest)
  if (found === entry.body.digest) return entry
  throw new SlipwayError(
    'ArtifactMismatch',
    `the manifest of ${kind} ${value} should have digest ${entry.body.digest}, but has ${found}`,
  )
}
