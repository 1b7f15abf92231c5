/** Values on the command line. */
import { InvalidArgumentError } from 'commander'
import * as rules from '../../contracts/text-rules.js'

/** What reads an argument by a rule. */
export const argument =
  <T>(rule: rules.TextRule<T>) =>
  (text: string): T => {
    const read = rule(text)
    if ('value' in read) return read.value
    throw new InvalidArgumentError(read.problem)
  }

/** A number above the first and at most the second. */
export const number = (above: number, upTo: number) => argument(rules.above(above, upTo))

/** A whole number of at least this. */
export const whole = (least: number) => argument(rules.whole(least))

/** A number of at least the first and at most the second. */
export const between = (least: number, upTo: number) => argument(rules.between(least, upTo))
