import type { LedgerEntry } from '../../contracts/ledger/index.js'

/** Deliveries of notices: which receiver got which notice. */
export interface NoticesArea {
  /**
   * Entries that may need a notice and were not delivered to this receiver, oldest first, in batches. For a new
   * receiver they begin at `now` (ISO).
   */
  undelivered(receiver: string, now: string): Promise<LedgerEntry[]>
  /** Ids of delivered notices that begin with `prefix`. */
  deliveredTo(receiver: string, prefix: string): Promise<ReadonlySet<string>>
  /** @param notice id of the notice: `project/seq` for a ledger entry */
  recordDelivery(receiver: string, notice: string, at: string): Promise<void>
}
