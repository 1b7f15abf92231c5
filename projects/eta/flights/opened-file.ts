/** One row as read: text from CSV; numbers, bigints and dates from Parquet. */
export type RawRow = Readonly<Record<string, unknown>>

export interface FlightFile {
  readonly name: string
  readonly columns: readonly string[]
  /** Columns with lists or structs, which are not read. */
  readonly nested?: readonly string[]
  /** Time zones of columns, other than UTC. */
  readonly zones?: ReadonlyMap<string, string>
  /** Rows in file order, in batches. With a range, only those parts of a Parquet file are read that may hold it. */
  batches(range?: TimeRange): AsyncIterable<RawRow[]>
}

/** [from, to) in epoch ms. */
export interface TimeRange {
  readonly from: number
  readonly to: number
}
