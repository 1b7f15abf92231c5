/**
 * How much of a user's file is taken. What is beyond is refused with the limit: a release shares its machine with
 * others, and a packed file may be a thousand times as large as it looks.
 */

/** Of a table that is read row by row. */
export const MOST_ROWS = 5_000_000
/** Of a table that is read as a whole, such as the labels of photos. */
export const MOST_WHOLE_ROWS = 1_000_000
/** Characters of one row. */
export const LONGEST_ROW = 1_000_000
/** Of a file that is read as a whole, after unpacking. */
export const MOST_TEXT_BYTES = 256 * 1024 ** 2
/** Days from the first to the last row of a table of days. */
export const MOST_DAYS = 10_000
