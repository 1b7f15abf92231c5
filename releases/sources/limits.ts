/** How much one stored source may have. */
import { decimalOf } from '../../contracts/decimal.js'
import { SlipwayError } from '../../contracts/failure.js'

const GIB = 1024 ** 3
export const MOST_FILES = 100_000
/** What S3 takes in one request. */
const MOST_BYTES = 5 * GIB

/** @throws SlipwayError BadRequest when the variable is no number of bytes that can be stored */
export function mostSourceBytes(text = process.env.SLIPWAY_SNAPSHOT_BYTES): number {
  if (!text) return 2 * GIB
  const bytes = decimalOf(text)
  if (Number.isInteger(bytes) && bytes > 0 && bytes <= MOST_BYTES) return bytes
  throw new SlipwayError(
    'BadRequest',
    `SLIPWAY_SNAPSHOT_BYTES is "${text}"; it must be a whole number from 1 to ${MOST_BYTES}, which is what S3 takes at once`,
  )
}

export const tooLarge = (most: number): SlipwayError =>
  new SlipwayError(
    'BadRequest',
    `the snapshot has more than ${most} bytes; leave out what is not needed, or raise SLIPWAY_SNAPSHOT_BYTES`,
  )
