import { decimalOf } from '../../contracts/decimal.js'
import { SlipwayError } from '../../contracts/failure.js'

export function portNumber(text: string): number {
  const port = decimalOf(text)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new SlipwayError('BadRequest', `port "${text}" is not a number from 1 to 65535`)
  }
  return port
}
