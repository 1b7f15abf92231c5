/** The chain as lines of JSON that need nothing of Slipway to be checked: docs/export.md says how. */
import { canonicalJson } from '../../contracts/canonical.js'
import type { Database } from '../database/connect.js'
import type { ChainExport, Registry } from '../types.js'
import { hashedOf } from './entry.js'
import { chainProjects, rowsOf } from './pages.js'

export function createChainExport(db: Database): Pick<Registry, 'exportChain'> {
  return {
    exportChain: (write, project) =>
      db
        .transaction()
        // One instant: of every project the entries that were there then, whoever appends meanwhile.
        .setIsolationLevel('repeatable read')
        .setAccessMode('read only')
        .execute(async (transaction): Promise<ChainExport> => {
          const projects = await chainProjects(transaction)
          const heads: ChainExport['heads'][number][] = []
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
