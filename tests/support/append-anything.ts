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

const ofAnotherShape = new Set<string>()
const nameOf = ({ project, key }: Pick<AnyEntry, 'project' | 'key'>): string => `${project} ${key}`

/** Whether an entry was appended here, in this process. */
export const isOfAnotherShape = (entry: Pick<AnyEntry, 'project' | 'key'>): boolean => ofAnotherShape.has(nameOf(entry))

export function appendAnything(registry: Pick<Registry, 'ledger'>, entry: AnyEntry): Promise<LedgerEntry> {
  ofAnotherShape.add(nameOf(entry))
  return registry.ledger.append(entry as NewEntry)
}
