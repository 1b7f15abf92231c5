import type { RawRow } from './flight-tables.js'

export interface FlightFile {
  readonly name: string
  readonly columns: readonly string[]
  /** Rows in file order, in batches. With a range, only those parts of a Parquet file are read that may hold it. */
  batches(range?: TimeRange): AsyncIterable<RawRow[]>
}

/** [from, to) in epoch ms. */
export interface TimeRange {
  readonly from: number
  readonly to: number
}
