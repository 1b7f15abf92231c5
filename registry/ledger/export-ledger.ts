/** The ledger as lines of JSON that can be checked without Slipway: docs/export.md explains how. */
import { canonicalJson } from '../../contracts/canonical.js'
import type { Database } from '../database/connect.js'
import { hashedOf } from './entry-hash.js'
import type { LedgerArea, LedgerExport } from './ledger-area.js'
import { ledgerProjects, rowsOf } from './ledger-pages.js'

export function createLedgerExport(db: Database): Pick<LedgerArea, 'export'> {
  return {
    export: (write, project) =>
      db
        .transaction()
        // One database snapshot: the entries of every project at the same instant, despite concurrent appends.
        .setIsolationLevel('repeatable read')
        .setAccessMode('read only')
        .execute(async (transaction): Promise<LedgerExport> => {
          const projects = await ledgerProjects(transaction)
          const heads: LedgerExport['heads'][number][] = []
          let entries = 0
          for (const name of project === undefined ? projects : projects.filter((one) => one === project)) {
            let head = { seq: 0, hash: '' }
            for await (const row of rowsOf(transaction, name)) {
              // The body stays the text that was hashed, because other programs may print numbers differently.
              await write(`${canonicalJson({ ...hashedOf(row), hash: row.hash })}\n`)
              head = { seq: Number(row.seq), hash: row.hash }
              entries += 1
            }
            heads.push({ project: name, ...head })
          }
          return { entries, heads }
        }),
  }
}
