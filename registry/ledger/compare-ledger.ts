/** Compares the ledger with a record of it that was kept elsewhere. */
import { sql } from 'kysely'
import type { LedgerHead } from '../../contracts/schemas/heads.js'
import type { Database } from '../database/connect.js'
import type { Comparison, LedgerArea, Problem } from './ledger-area.js'
import { readReference } from './read-reference.js'

const BATCH = 500

export function createComparison(db: Database): Pick<LedgerArea, 'compare'> {
  return {
    async compare(lines, name): Promise<Comparison> {
      const { whole, entries } = await readReference(lines, name)
      const differing = new Map<string, Problem>()
      const ends = new Map<string, number>()
      let compared = 0
      for await (const batch of batches(entries)) {
        const here = await hashesOf(db, batch)
        for (const { project, seq, hash } of batch) {
          compared += 1
          ends.set(project, seq)
          // Only the first difference counts: every later entry follows from it.
          if (differing.has(project)) continue
          const found = here.get(`${project} ${seq}`)
          if (found !== hash)
            differing.set(project, { project, seq, what: found === undefined ? '' : differs(seq, whole) })
        }
      }
      const differences: Problem[] = []
      for (const one of differing.values())
        differences.push(one.what === '' ? await removed(db, one, ends.get(one.project) ?? one.seq) : one)
      return { whole, compared, projects: [...ends.keys()], differences }
    },
  }
}

function differs(seq: number, whole: boolean): string {
  if (!whole)
    return `entry ${seq} has another hash: it or an entry before it was changed; compare with an export to find the first`
  return seq === 1
    ? 'differs from the first entry: rewritten, or this record is of another installation'
    : 'is the first entry that differs: it was changed, and all after it were written again'
}

async function removed(db: Database, { project, seq }: Problem, last: number): Promise<Problem> {
  const row = await db
    .selectFrom('chain_entries')
    .select((select) => select.fn.max('seq').as('end'))
    .where('project', '=', project)
    .executeTakeFirst()
  const end = Number(row?.end ?? 0)
  if (end === 0)
    return {
      project,
      seq,
      what: 'this registry has no entry of the project: removed, or the record is of another installation',
    }
  const what =
    end < seq
      ? `the ledger ends with entry ${end}, the record continues to ${last}: entries were removed`
      : `entry ${seq} is missing`
  return { project, seq, what }
}

async function* batches(entries: AsyncIterable<LedgerHead>): AsyncGenerator<LedgerHead[]> {
  let batch: LedgerHead[] = []
  for await (const entry of entries) {
    batch.push(entry)
    if (batch.length < BATCH) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

async function hashesOf(db: Database, heads: readonly LedgerHead[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ project: string; seq: string; hash: string }>`
    select e.project, e.seq, e.hash
    from unnest(${heads.map(({ project }) => project)}::text[], ${heads.map(({ seq }) => seq)}::bigint[]) as r(project, seq)
    join chain_entries e on e.project = r.project and e.seq = r.seq`.execute(db)
  return new Map(rows.map(({ project, seq, hash }) => [`${project} ${seq}`, hash]))
}
