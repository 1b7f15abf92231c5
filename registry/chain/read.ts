import type { Database } from '../database/connect.js'
import type { Registry } from '../types.js'
import { ENTRY_COLUMNS, toEntry } from './entry.js'

export function createChainReader(db: Database): Pick<Registry, 'entries'> {
  return {
    async entries(project, { kind, subject } = {}) {
      let query = db.selectFrom('chain_entries').select(ENTRY_COLUMNS).where('project', '=', project)
      if (kind !== undefined) query = query.where('kind', '=', kind)
      if (subject !== undefined) query = query.where('subject', '=', subject)
      return (await query.orderBy('seq').execute()).map(toEntry)
    },
  }
}
