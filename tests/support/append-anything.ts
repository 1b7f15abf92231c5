import type { EntryKind, LedgerEntry, NewEntry } from '../../contracts/ledger/index.js'
import type { Registry } from '../../registry/index.js'

/** An entry whose body need not be what its kind's schema says: for tests of what does not depend on it. */
export interface AnyEntry {
  readonly project: string
  readonly kind: EntryKind
  readonly subject: string
  readonly key: string
  readonly body: object
  readonly at?: string
}

export const appendAnything = (registry: Pick<Registry, 'ledger'>, entry: AnyEntry): Promise<LedgerEntry> =>
  registry.ledger.append(entry as NewEntry)
