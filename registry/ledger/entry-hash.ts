import type { Selectable } from 'kysely'
import { canonicalJson, digestOf } from '../../contracts/canonical.js'
import type { EntryBody, EntryKind, LedgerEntry } from '../../contracts/ledger/index.js'
import type { Tables } from '../database/tables.js'

type Row = Selectable<Tables['chain_entries']>

export interface Hashed {
  readonly project: string
  readonly seq: number
  readonly kind: string
  readonly subject: string
  readonly key: string
  /** ISO with milliseconds. */
  readonly at: string
  /** The canonical JSON as stored, so that the hash also covers white space. */
  readonly body: string
  readonly prev: string | null
}

export const hashOf = ({ project, seq, kind, subject, key, at, body, prev }: Hashed): string =>
  digestOf({ project, seq, kind, subject, key, at, body, prev })

export const ENTRY_COLUMNS = ['project', 'seq', 'kind', 'subject', 'key', 'body', 'at', 'prev_hash', 'hash'] as const

export type EntryRow = Pick<Row, (typeof ENTRY_COLUMNS)[number]>

export const hashedOf = (row: EntryRow): Hashed => ({
  project: row.project,
  seq: Number(row.seq),
  kind: row.kind,
  subject: row.subject,
  key: row.key,
  at: row.at.toISOString(),
  body: row.body,
  prev: row.prev_hash,
})

/** The one place where a stored body gets its type. It is not checked again: it was typed when it was written. */
export const parseBody = <Kind extends EntryKind>(_kind: Kind, text: string): EntryBody<Kind> => JSON.parse(text)

export const toEntry = (row: EntryRow): LedgerEntry => {
  const kind = row.kind as EntryKind
  return { ...hashedOf(row), kind, body: parseBody(kind, row.body), hash: row.hash } as LedgerEntry
}

/** @param kinds those that the query asked for; all when absent */
export function toEntryOf<Kind extends EntryKind>(row: EntryRow, kinds?: readonly Kind[]): LedgerEntry<Kind> {
  const entry = toEntry(row)
  const isAsked = (one: LedgerEntry): one is LedgerEntry & LedgerEntry<Kind> =>
    kinds === undefined || kinds.some((kind) => kind === one.kind)
  if (isAsked(entry)) return entry
  throw new RangeError(`entry ${row.seq} of ${row.project} is of kind ${row.kind}, not ${kinds?.join(' or ')}`)
}

/** Whether an entry still has the hash with which it was recorded. */
export const isIntact = ({ body, ...entry }: LedgerEntry): boolean =>
  hashOf({ ...entry, body: canonicalJson(body) }) === entry.hash
