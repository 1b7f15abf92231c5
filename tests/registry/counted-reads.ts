/** Counts what the statements of a question read, whatever they are. */
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Tables } from '../../registry/database/tables.js'
import { type Reads, readsOf } from './partition-reads.js'
import { type TestRegistry, testRegistry } from './test-registry.js'

export interface Statement {
  readonly sql: string
  readonly parameters: readonly unknown[]
}

export interface Counted {
  /** Questions must be asked on it. */
  readonly db: Kysely<Tables>
  statementsOf(question: () => Promise<unknown>): Promise<Statement[]>
  /** Rows of the scans and nodes of the plans of all statements of a question. */
  readsIn(question: () => Promise<unknown>): Promise<Reads>
}

export function countReads({ url, owner }: Pick<TestRegistry, 'url' | 'owner'>): Counted {
  let asked: Statement[] = []
  const db = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: url, max: 2 }) }),
    log: ({ query }) => void asked.push({ sql: query.sql, parameters: query.parameters }),
  })
  const statementsOf = async (question: () => Promise<unknown>) => {
    asked = []
    await question()
    return asked
  }
  return {
    db,
    statementsOf,
    async readsIn(question) {
      const statements = (await statementsOf(question)).filter(({ sql }) => /^\s*(select|with)\b/i.test(sql))
      if (statements.length === 0) throw new RangeError('the question read nothing')
      const total = { nodes: 0, rows: 0 }
      for (const { sql, parameters } of statements) {
        const { rows } = await owner.query(`explain (analyze, format json) ${sql}`, [...parameters])
        const { nodes, rows: read } = readsOf(rows[0]['QUERY PLAN'][0].Plan)
        total.nodes += nodes
        total.rows += read
      }
      return total
    },
  }
}

export type CountedRegistry = TestRegistry & Counted

export async function countedRegistry(): Promise<CountedRegistry> {
  const test = await testRegistry()
  const counted = countReads(test)
  const stop = async () => {
    await counted.db.destroy()
    await test.stop()
  }
  return { ...test, ...counted, stop }
}
