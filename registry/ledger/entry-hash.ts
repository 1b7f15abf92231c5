import type { Selectable } from 'kysely'
import { canonicalJson, digestOf } from '../../contracts/canonical.js'
import type { Tables } from '../database/tables.js'
import type { EntryKind, LedgerEntry } from './ledger-area.js'

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

export const toEntry = (row: EntryRow): LedgerEntry => ({
  ...hashedOf(row),
  kind: row.kind as EntryKind,
  body: JSON.parse(row.body) as Record<string, unknown>,
  hash: row.hash,
})

/** Whether an entry still has the hash with which it was recorded. */
export const isIntact = ({ body, ...entry }: LedgerEntry): boolean =>
  hashOf({ ...entry, body: canonicalJson(body) }) === entry.hash
