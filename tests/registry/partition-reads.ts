/** Counts what a statement reads: nodes and rows of its plan, or the tables and indexes that it opened. */
import type { RawBuilder } from 'kysely'
import type { Database } from '../../registry/database/connect.js'
import type { TestRegistry } from './test-registry.js'

interface PlanNode {
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly 'Rows Removed by Filter'?: number
  readonly Plans?: readonly PlanNode[]
}

export interface Reads {
  readonly nodes: number
  /** Rows of the scans, those that a filter removed included. */
  readonly rows: number
}

export function readsOf(node: PlanNode): Reads {
  const below = (node.Plans ?? []).map(readsOf)
  const own = (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops']
  return {
    nodes: 1 + below.reduce((sum, { nodes }) => sum + nodes, 0),
    rows: below.length === 0 ? own : below.reduce((sum, { rows }) => sum + rows, 0),
  }
}

export async function explained({ owner }: TestRegistry, db: Database, query: RawBuilder<unknown>): Promise<Reads> {
  const { sql: text, parameters } = query.compile(db)
  await owner.query('begin; set local enable_nestloop = off')
  try {
    const { rows } = await owner.query(`explain (analyze, format json) ${text}`, [...parameters])
    return readsOf(rows[0]['QUERY PLAN'][0].Plan)
  } finally {
    await owner.query('rollback')
  }
}

/** Partitions and their indexes that a call of a function opened, by the locks that its transaction holds. */
export async function opened({ owner }: TestRegistry, call: string, values: unknown[]): Promise<number> {
  await owner.query('begin')
  try {
    await owner.query(call, values)
    const { rows } = await owner.query(`
      select count(*) as n from pg_locks join pg_class on pg_class.oid = relation
      where pid = pg_backend_pid() and relname ~ '_[0-9]{8}'`)
    return Number(rows[0].n)
  } finally {
    await owner.query('rollback')
  }
}
