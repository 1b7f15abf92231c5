import type { Registry } from '../../registry/index.js'
import { orphanedSpools } from './spool.js'

/**
 * Writes to the database what processes of this machine spooled before they ended. Rows that exist already do not
 * change.
 */
export async function recoverSpools(folder: string, registry: Pick<Registry, 'evidence'>): Promise<number> {
  let rows = 0
  for (const orphan of await orphanedSpools(folder)) {
    await registry.evidence.logDecisions(orphan.project, orphan.rows)
    await orphan.remove()
    rows += orphan.rows.length
  }
  return rows
}
