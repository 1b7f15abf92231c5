import type { LedgerEntry } from '../../contracts/ledger/index.js'

/** Which ledger entries each receiver of notices was informed of. */
export interface NoticesArea {
  /**
   * Entries worth telling people of that this receiver was not told of, oldest first, a batch at a time. A receiver that is
   * new begins at `now` (ISO).
   */
  undelivered(receiver: string, now: string): Promise<LedgerEntry[]>
  /** @param notice the id the receiver saw: `project/seq` for a ledger entry */
  /** Notices whose id begins with `prefix` that the receiver has. */
  deliveredTo(receiver: string, prefix: string): Promise<ReadonlySet<string>>
  recordDelivery(receiver: string, notice: string, at: string): Promise<void>
}
