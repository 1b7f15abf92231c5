/**
 * One object a day in the artifact store with the heads of all ledgers: a user who rewrites a ledger in the database
 * would have to rewrite these too. They form a chain of their own.
 */
import { sql } from 'kysely'
import { canonicalJson, sha256 } from '../../contracts/canonical.js'
import { DAY_MS, utcDay } from '../../contracts/duration.js'
import type { HeadObject } from '../../contracts/schemas/heads.js'
import type { NamedObjects } from '../artifacts/named-objects.js'
import type { Database } from '../database/connect.js'
import type { LedgerArea } from './ledger-area.js'

/** Days searched for the object before: after a longer stop the chain begins anew. */
export const SEARCHED_DAYS = 366

export const nameOfHeads = (date: string): string => `heads/${date}.json`

export function createHeadRecorder(db: Database, objects: NamedObjects): Pick<LedgerArea, 'heads' | 'recordHeads'> {
  const heads: LedgerArea['heads'] = async () => {
    const rows = await db.selectFrom('chain_heads').selectAll().execute()
    return rows
      .map(({ project, seq, hash }) => ({ project, seq: Number(seq), hash }))
      .sort((a, b) => (a.project < b.project ? -1 : 1))
  }
  return {
    heads,
    async recordHeads() {
      const { rows } = await sql<{ at: Date }>`select clock_timestamp() as at`.execute(db)
      const at = rows[0]?.at ?? new Date(Number.NaN)
      const date = utcDay(at.getTime())
      const name = nameOfHeads(date)
      const found = await heads()
      if (found.length === 0) return { name: null, written: false }
      if (await objects.read(name)) return { name, written: false }
      const previous = await newestBefore(objects, at.getTime())
      const object: HeadObject = { schema: 'slipway.heads/1', date, at: at.toISOString(), heads: found, previous }
      return { name, written: await objects.create(name, Buffer.from(`${canonicalJson(object)}\n`)) }
    },
  }
}

async function newestBefore(objects: NamedObjects, at: number): Promise<HeadObject['previous']> {
  for (let days = 1; days <= SEARCHED_DAYS; days += 1) {
    const name = nameOfHeads(utcDay(at - days * DAY_MS))
    const bytes = await objects.read(name)
    if (bytes) return { name, digest: sha256(bytes) }
  }
  return null
}
