import { sql } from 'kysely'
import { breachKeyStart, type EntryKind, lookKeyStart } from '../../contracts/ledger/index.js'
import type { Database } from '../database/connect.js'
import { ENTRY_COLUMNS, toEntryOf } from './entry-hash.js'
import type { EntryFilter, LedgerArea } from './ledger-area.js'

const ISO_LENGTH = '2026-11-25T00:00:00.000Z'.length

type Reads = 'entries' | 'newestLook' | 'newestBreach' | 'placeOf' | 'hasLook' | 'hasSource' | 'actionsWithKeys'

export function createLedgerReader(db: Database): Pick<LedgerArea, Reads> {
  return {
    async entries<Kind extends EntryKind>(project: string, filter: EntryFilter<Kind> = {}) {
      const { kind, subject, keys, since, after, newest } = filter
      let query = db.selectFrom('chain_entries').select(ENTRY_COLUMNS).where('project', '=', project)
      const kinds = typeof kind === 'string' ? [kind] : kind
      // A single kind is a literal, for the indexes of one kind.
      if (typeof kind === 'string') query = query.where('kind', '=', sql.lit(kind as EntryKind))
      else if (kinds !== undefined) query = query.where('kind', 'in', kinds)
      if (subject !== undefined) query = query.where('subject', '=', subject)
      if (keys !== undefined) query = query.where('key', 'in', [...keys])
      if (after !== undefined) query = query.where('seq', '>', String(after))
      if (since !== undefined) {
        query = query.where('at', '>=', new Date(since)).where('seq', '>', newestBefore(db, project, filter, since))
      }
      const ordered = newest === undefined ? query.orderBy('seq') : query.orderBy('seq', 'desc').limit(newest)
      const rows = await ordered.execute()
      return (newest === undefined ? rows : rows.reverse()).map((row) => toEntryOf(row, kinds))
    },
    async newestLook({ project, workflowId, phase, until }) {
      // The key of a look contains its instant, so that the index ends at the newest, and only one of the bodies, which
      // are large, is read.
      const beginning = lookKeyStart(workflowId, phase)
      const last = until === undefined ? '' : new Date(until).toISOString()
      // Materialised: otherwise the order by number could be taken from an index of all entries.
      const { rows } = await sql<{ seq: string | null }>`
        with newest as (
          select left(key, ${beginning.length + ISO_LENGTH}::int) as beginning from chain_entries
          where project = ${project} and kind = 'judgement' and subject = ${workflowId} and ${keyBegins(beginning, last)}
          order by key using ~>~ limit 1
        ), looks as materialized (
          select seq from chain_entries, newest
          where project = ${project} and kind = 'judgement'
            and key ~>=~ newest.beginning and key ~<~ (newest.beginning || ${LAST_CHARACTER}::text)
        ) select max(seq) as seq from looks`.execute(db)
      const seq = rows[0]?.seq
      if (seq === null || seq === undefined) return null
      const row = await db
        .selectFrom('chain_entries')
        .select(ENTRY_COLUMNS)
        .where('project', '=', project)
        .where('seq', '=', seq)
        .executeTakeFirst()
      return row ? toEntryOf(row, ['judgement']) : null
    },
    async newestBreach({ project, workflowId, signal, arm }) {
      const start = breachKeyStart(workflowId, { signal, arm })
      const row = await db
        .selectFrom('chain_entries')
        .select(ENTRY_COLUMNS)
        .where('project', '=', project)
        .where('kind', '=', sql.lit('breach'))
        .where(keyBegins(start))
        // An instant begins with a digit, which is below a colon. The name of another signal may begin like these two.
        .where(sql<boolean>`key ~<~ ${`${start}:`}::text`)
        .orderBy(sql`key using ~>~`)
        .limit(1)
        .executeTakeFirst()
      return row ? toEntryOf(row, ['breach']) : null
    },
    async placeOf(project, key) {
      const row = await db
        .selectFrom('chain_entries')
        .select('seq')
        .where('project', '=', project)
        .where('key', '=', key)
        .executeTakeFirst()
      return row ? Number(row.seq) : null
    },
    async actionsWithKeys(project, keys) {
      if (keys.length === 0) return []
      const rows = await db
        .selectFrom('chain_entries')
        .select(ENTRY_COLUMNS)
        .where('project', '=', project)
        .where('key', 'in', keys)
        .where('kind', '=', 'operator_action')
        .execute()
      return rows.map((row) => toEntryOf(row, ['operator_action']))
    },
    async hasSource(project, digest) {
      const row = await db
        .selectFrom('chain_entries')
        .select('seq')
        .where('project', '=', project)
        // A literal, for the index of the digests that these entries contain.
        .where('kind', '=', sql.lit('source'))
        .where(sql<boolean>`slipway_digests(body) @> array[${digest}::text]`)
        .limit(1)
        .executeTakeFirst()
      return row !== undefined
    },
    async hasLook(project, beginning) {
      const row = await db
        .selectFrom('chain_entries')
        .select('seq')
        .where('project', '=', project)
        .where('kind', '=', sql.lit('judgement'))
        .where(keyBegins(beginning))
        .limit(1)
        .executeTakeFirst()
      return row !== undefined
    },
  }
}

/** Kinds whose entries have an index by project and place. */
const IN_ORDER: readonly EntryKind[] = ['condition', 'release']

/**
 * The place of the newest entry before an instant, 0 where there is none. By place, newest first, so that the index
 * ends there: without it each entry of the project would be read for its time.
 */
function newestBefore<Kind extends EntryKind>(
  db: Database,
  project: string,
  { kind, subject }: EntryFilter<Kind>,
  since: string,
) {
  let query = db.selectFrom('chain_entries').select('seq').where('project', '=', project)
  // Only a single kind and subject, or a kind with an index of its own, are an index range in the order of places.
  if (typeof kind === 'string' && (subject !== undefined || IN_ORDER.includes(kind)))
    query = query.where('kind', '=', sql.lit(kind as EntryKind))
  if (typeof kind === 'string' && subject !== undefined) query = query.where('subject', '=', subject)
  const newest = query.where('at', '<', new Date(since)).orderBy('seq', 'desc').limit(1)
  return sql<string>`coalesce((${newest}), 0)`
}

const LAST_CHARACTER = '\u{10FFFF}'

/** Keys with this beginning, compared by bytes as in the index; `last` bounds what follows it. */
const keyBegins = (beginning: string, last = '') =>
  sql<boolean>`key ~>=~ ${beginning}::text and key ~<~ ${beginning + last + LAST_CHARACTER}::text`
