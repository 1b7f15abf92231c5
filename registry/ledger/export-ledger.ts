/** The ledger as lines of JSON that need nothing of Slipway to be checked: docs/export.md says how. */
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
        // One instant: of every project the entries that were there then, whoever appends meanwhile.
        .setIsolationLevel('repeatable read')
        .setAccessMode('read only')
        .execute(async (transaction): Promise<LedgerExport> => {
          const projects = await ledgerProjects(transaction)
          const heads: LedgerExport['heads'][number][] = []
          let entries = 0
          for (const name of project === undefined ? projects : projects.filter((one) => one === project)) {
            let head = { seq: 0, hash: '' }
            for await (const row of rowsOf(transaction, name)) {
              // The body stays the text that was hashed: no other program's way to print a number can change it.
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
