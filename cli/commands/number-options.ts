/** Numbers on the command line. */
import { InvalidArgumentError } from 'commander'
import { decimalOf } from '../../contracts/decimal.js'

/** A number above the first and at most the second. */
export function number(above: number, upTo: number) {
  return (text: string): number => {
    const value = decimalOf(text)
    if (value > above && value <= upTo) return value
    throw new InvalidArgumentError(`It must be a number greater than ${above} and at most ${upTo}.`)
  }
}

/** A whole number of at least this. */
export function whole(least: number) {
  return (text: string): number => {
    const value = decimalOf(text)
    if (Number.isSafeInteger(value) && value >= least) return value
    throw new InvalidArgumentError(`It must be a whole number of at least ${least}.`)
  }
}

/** A number of at least the first and at most the second. */
export function between(least: number, upTo: number) {
  return (text: string): number => {
    const value = decimalOf(text)
    if (value >= least && value <= upTo) return value
    throw new InvalidArgumentError(`It must be a number from ${least} to ${upTo}.`)
  }
}
