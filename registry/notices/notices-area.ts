import type { LedgerEntry } from '../../contracts/ledger/index.js'

/** Deliveries of notices: which receiver got which notice. */
export interface NoticesArea {
  /**
   * Entries that may need a notice and were not delivered to this receiver, oldest first, in batches. For a new
   * receiver they begin with the time of the database.
   */
  undelivered(receiver: string): Promise<LedgerEntry[]>
  /** Which of these notices were delivered. */
  delivered(receiver: string, notices: readonly string[]): Promise<ReadonlySet<string>>
  /** @param notice id of the notice */
  recordDelivery(receiver: string, notice: string): Promise<void>
  /**
   * The receiver got everything of this project up to this entry, and is not asked about it again.
   * @param notice whether the entry needed a notice, which was delivered
   */
  recordEntry(
    receiver: string,
    entry: { readonly project: string; readonly seq: number; readonly notice: boolean },
  ): Promise<void>
}
