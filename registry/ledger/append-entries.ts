import { sql, type Transaction } from 'kysely'
import { canonicalJson } from '../../contracts/canonical.js'
import { SlipwayError } from '../../contracts/failure.js'
import type { EntryKind, LedgerEntry, NewEntry } from '../../contracts/ledger/index.js'
import { isRecordableJson } from '../../contracts/recordable-text.js'
import type { Database } from '../database/connect.js'
import type { Tables } from '../database/tables.js'
import { ENTRY_COLUMNS, hashOf, toEntryOf } from './entry-hash.js'
import type { LedgerArea } from './ledger-area.js'

/** A project's ledger while this transaction holds its lock: no other process appends until the transaction ends. */
export interface LockedLedger {
  readonly db: Transaction<Tables>
  /** The existing entry with this key and content. @throws SlipwayError BadRequest when its content differs */
  find<Kind extends EntryKind>(entry: NewEntry<Kind>): Promise<LedgerEntry<Kind> | undefined>
  append<Kind extends EntryKind>(entry: NewEntry<Kind>): Promise<LedgerEntry<Kind>>
  /** Without looking for its key again: for a caller that has found no entry with it. */
  insert<Kind extends EntryKind>(entry: NewEntry<Kind>): Promise<LedgerEntry<Kind>>
}

export type WithLedger = <T>(project: string, work: (ledger: LockedLedger) => Promise<T>) => Promise<T>

/**
 * Wall time in epoch ms for entries without an instant. Undefined: the database's clock, the one that all processes
 * share, whose clocks differ.
 */
export type LedgerClock = (() => number) | undefined

/**
 * A process that is suspended while it holds the lock, or whose network is gone, would hold it for hours: its
 * statements have ended, so no time-out of a statement ends the transaction. Less than a statement may wait for the
 * lock, more than a busy machine was seen to be silent.
 */
const HOLDER_SILENT_MS = 40_000

/**
 * @param before what the transaction does before it takes the lock
 * @param silentMs the database ends a transaction whose process does nothing for so long, and nothing of it is written
 */
export function createWithLedger(
  db: Database,
  now: LedgerClock,
  before: (transaction: Transaction<Tables>) => Promise<void> = async () => {},
  silentMs = HOLDER_SILENT_MS,
): WithLedger {
  return (project, work) =>
    db
      .transaction()
      // Independent of the server's default: a stricter level would read the ledger as it was before the wait for the
      // lock.
      .setIsolationLevel('read committed')
      .execute(async (transaction) => {
        await before(transaction)
        return work(await lockLedger(transaction, project, now, silentMs))
      })
}

/**
 * Holds the lock until the transaction ends. Several locks must be taken in the order of the project names.
 * @param silentMs as above; 0: the holder may wait for others
 */
export async function lockLedger(
  db: Transaction<Tables>,
  project: string,
  now: LedgerClock,
  silentMs = 0,
): Promise<LockedLedger> {
  await sql`
    select pg_advisory_xact_lock(hashtextextended(${`slipway/${project}`}, 0)),
      set_config('idle_in_transaction_session_timeout', ${String(silentMs)}, true)`.execute(db)
  return lockedLedger(db, now)
}

/** An entry that is refused leaves the others valid: it is refused before anything of it is written. */
export const createAppendEach =
  (withLedger: WithLedger): Pick<LedgerArea, 'appendEach'>['appendEach'] =>
  (project, entries) =>
    withLedger(project, async (ledger) => {
      const refused: (SlipwayError | null)[] = []
      for (const entry of entries)
        refused.push(
          await ledger.append(entry).then(
            () => null,
            (error: unknown) => {
              if (error instanceof SlipwayError && error.type === 'BadRequest') return error
              throw error
            },
          ),
        )
      return refused
    })

function lockedLedger(db: Transaction<Tables>, now: LedgerClock): LockedLedger {
  const find = async <Kind extends EntryKind>(entry: NewEntry<Kind>) => {
    const { project, key } = entry
    const body = textOf(entry)
    const row = await db
      .selectFrom('chain_entries')
      .select(ENTRY_COLUMNS)
      .where('project', '=', project)
      .where('key', '=', key)
      .executeTakeFirst()
    if (!row) return undefined
    if (row.kind === entry.kind && row.subject === entry.subject && row.body === body) return toEntryOf<Kind>(row)
    throw new SlipwayError('BadRequest', `"${key}" is already recorded with other content; use another key`)
  }
  return {
    db,
    find,
    append: async (entry) => (await find(entry)) ?? insert(db, entry, now),
    insert: (entry) => insert(db, entry, now),
  }
}

async function insert<Kind extends EntryKind>(
  db: Transaction<Tables>,
  entry: NewEntry<Kind>,
  now: LedgerClock,
): Promise<LedgerEntry<Kind>> {
  const { project, kind, subject, key } = entry
  const { newest, databaseNow } = await newestAndTime(db, project)
  const at = Math.max(
    entry.at === undefined ? (now?.() ?? databaseNow) : instant(entry.at),
    newest?.at.getTime() ?? Number.NEGATIVE_INFINITY,
  )
  const content = {
    project,
    seq: Number(newest?.seq ?? 0) + 1,
    kind,
    subject,
    key,
    at: new Date(at).toISOString(),
    body: textOf(entry),
    prev: newest?.hash ?? null,
  }
  const { prev, ...columns } = content
  const row = await db
    .insertInto('chain_entries')
    .values({ ...columns, prev_hash: prev, hash: hashOf(content) })
    .returning(ENTRY_COLUMNS)
    .executeTakeFirstOrThrow()
  return toEntryOf<Kind>(row)
}

/** One statement for both: a round trip less while the lock is held. */
async function newestAndTime(db: Transaction<Tables>, project: string) {
  const { rows } = await sql<{ now: Date; seq: string | null; hash: string; at: Date }>`
    select clock_timestamp() as now, newest.* from (values (1)) one
    left join lateral (
      select seq, hash, at from chain_entries where project = ${project} order by seq desc limit 1
    ) newest on true`.execute(db)
  const [row] = rows
  if (!row) throw new RangeError('the database names its time')
  const { now, seq, hash, at } = row
  return { newest: seq === null ? undefined : { seq, hash, at }, databaseNow: now.getTime() }
}

/** Not the time at which the transaction began: it may have waited for the lock. */
export async function databaseTime(db: Database): Promise<number> {
  const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(db)
  const [row] = rows
  if (!row) throw new RangeError('the database names its time')
  return row.now.getTime()
}

const UNRECORDABLE_TEXT = /[\p{Surrogate}\0]/u

function textOf({ body, key, subject }: NewEntry): string {
  const text = canonicalJson(body)
  if (!isRecordableJson(text) || UNRECORDABLE_TEXT.test(key + subject)) {
    throw new SlipwayError(
      'BadRequest',
      `${JSON.stringify(key)} cannot be recorded: its text contains a NUL or half of a surrogate pair`,
    )
  }
  return text
}

function instant(text: string): number {
  const at = Date.parse(text)
  if (Number.isNaN(at))
    throw new SlipwayError('BadRequest', `"${text}" is not a time; write it as 2026-01-03T10:00:00Z`)
  return at
}
