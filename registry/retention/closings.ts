import { digestVersionOf, type LedgerEntry, ofKind } from '../../contracts/ledger/index.js'

/** The closing of a day that counts: the newest digest version, where an earlier build had closed the day before. */
export const closingOf = (
  entries: readonly LedgerEntry[],
  table: 'decisions' | 'outcomes',
  day: string,
): LedgerEntry<'day_closed'> | undefined =>
  entries
    .filter(ofKind('day_closed'))
    .filter(({ body }) => body.table === table && body.day === day)
    .sort((a, b) => digestVersionOf(b.body) - digestVersionOf(a.body))
    .at(0)
