import type { LedgerEntry } from '../../contracts/ledger/index.js'

export interface RefusedNotice {
  readonly receiver: string
  readonly why: string
  /** ISO. */
  readonly at: string
  /** As it was sent. */
  readonly notice: { readonly id: string }
}

/** Deliveries of notices: which receiver got which notice. */
export interface NoticesArea {
  /**
   * Entries that may need a notice and were not delivered to this receiver, oldest first, in batches. For a new
   * receiver they begin with the time of the database.
   */
  undelivered(receiver: string): Promise<LedgerEntry[]>
  /** Which of these notices were delivered. */
  delivered(receiver: string, notices: readonly string[]): Promise<ReadonlySet<string>>
  /**
   * The receiver will never accept this notice, and is not asked again unless an operator has it sent again.
   * @param notice with its content, which is sent then
   */
  recordRefusal(receiver: string, notice: { readonly id: string }, why: string): Promise<void>
  /** Refused notices that were not accepted since, oldest first. @param limit at most so many: the newest */
  refused(limit: number): Promise<RefusedNotice[]>
  /** A refused notice was sent again and accepted. */
  recordResent(receiver: string, notice: string): Promise<void>
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
