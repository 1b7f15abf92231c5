import { sql } from 'kysely'
import { SlipwayError } from '../../contracts/failure.js'
import type { LedgerEntry } from '../../contracts/ledger/index.js'
import { ALIASES, type AliasName } from '../../contracts/names.js'
import type { Database } from '../database/connect.js'
import { ENTRY_COLUMNS, type EntryRow, toEntryOf } from '../ledger/entry-hash.js'
import type { AliasesArea, AliasMoveRecord } from './aliases-area.js'

type AliasReads = Pick<AliasesArea, 'current' | 'at' | 'during' | 'withKey' | 'history' | 'newest'>

export const toMove = ({ project, seq, key, at, body }: LedgerEntry<'alias_move'>): AliasMoveRecord => ({
  project,
  seq,
  key,
  at,
  ...body,
})

const moveOf = (row: EntryRow): AliasMoveRecord => toMove(toEntryOf(row, ['alias_move']))

/** The newest move of an alias, up to an instant. It is in force, because instants never decrease along the ledger. */
export async function newestMove(
  db: Database,
  project: string,
  alias: AliasName,
  until?: string,
): Promise<AliasMoveRecord | undefined> {
  const query = until === undefined ? newestOf(db, project, alias) : newestAt(db, project, alias, ['<=', until])
  const row = await query.executeTakeFirst()
  return row && moveOf(row)
}

/** Instants never decrease along the ledger. In their order a time of the past is found without the moves after it. */
const newestOf = (db: Database, project: string, alias: AliasName) =>
  db
    .selectFrom('chain_entries')
    .select(ENTRY_COLUMNS)
    .where('project', '=', project)
    .where('kind', '=', 'alias_move')
    .where('subject', '=', alias)
    .orderBy('at', 'desc')
    .orderBy('seq', 'desc')
    .limit(1)

const newestAt = (db: Database, project: string, alias: AliasName, [than, time]: ['<' | '<=', string]) =>
  newestOf(db, project, alias).where('at', than, instant(time))

const instant = (time: string) => sql<Date>`${time}::timestamptz`

export function createAliasReader(db: Database): AliasReads {
  return {
    async current(project) {
      // One statement, so that both aliases are of the same instant.
      const newest = (alias: AliasName) =>
        db.selectFrom(newestOf(db, project, alias).as('newest')).select(ENTRY_COLUMNS)
      const rows = await newest('production').unionAll(newest('canary')).execute()
      const found = Object.fromEntries(rows.map((row) => [row.subject, moveOf(row).to]))
      return { production: found.production ?? null, canary: found.canary ?? null }
    },
    async at(project, alias, time) {
      if (Number.isNaN(Date.parse(time))) {
        throw new SlipwayError('BadRequest', `"${time}" is not a time; write it as 2026-01-03T10:00:00Z`)
      }
      return (await newestMove(db, project, alias, new Date(time).toISOString()))?.to ?? null
    },
    async during(project, alias, { from, until }) {
      const [before, within] = await Promise.all([
        newestAt(db, project, alias, ['<', from]).execute(),
        newestAt(db, project, alias, ['<=', until]).where('at', '>=', instant(from)).clearLimit().execute(),
      ])
      return [...before, ...within.reverse()].map(moveOf)
    },
    async withKey(project, key) {
      const row = await db
        .selectFrom('chain_entries')
        .select(ENTRY_COLUMNS)
        .where('project', '=', project)
        .where('key', '=', key)
        .where('kind', '=', 'alias_move')
        .executeTakeFirst()
      return row && moveOf(row)
    },
    async newest(project, { most, before, alias }) {
      // Each alias by itself: the index ends at its newest moves.
      const ofAlias = (one: AliasName) => {
        const query = newestOf(db, project, one).clearLimit().limit(most)
        return (
          before === undefined ? query : query.where('seq', '<', String(before)).clearOrderBy().orderBy('seq', 'desc')
        ).execute()
      }
      const rows = (await Promise.all((alias ? [alias] : ALIASES).map(ofAlias))).flat().map(moveOf)
      return rows.sort((one, other) => one.seq - other.seq).slice(-most)
    },
    async history(project) {
      const rows = await db
        .selectFrom('chain_entries')
        .select(ENTRY_COLUMNS)
        .where('project', '=', project)
        .where('kind', '=', 'alias_move')
        .orderBy('seq')
        .execute()
      return rows.map(moveOf)
    },
  }
}
