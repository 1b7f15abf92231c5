/**
 * What a text of a user must be to count as a value: the same rule for the command line and for forms of the console.
 */
import { decimalOf, wholeOf } from './decimal.js'

export type Read<T> = { readonly value: T } | { readonly problem: string }

/** @returns the value, or in a sentence what the text must be */
export type TextRule<T> = (text: string) => Read<T>

const unless = <T>(ok: boolean, value: T, problem: string): Read<T> => (ok ? { value } : { problem })

/** A number above the first and at most the second. */
export const above =
  (least: number, upTo: number): TextRule<number> =>
  (text) => {
    const value = decimalOf(text)
    return unless(
      value > least && value <= upTo,
      value,
      `It must be a number greater than ${least} and at most ${upTo}.`,
    )
  }

/** A number of at least the first and at most the second. */
export const between =
  (least: number, upTo: number): TextRule<number> =>
  (text) => {
    const value = decimalOf(text)
    return unless(value >= least && value <= upTo, value, `It must be a number from ${least} to ${upTo}.`)
  }

/** A whole number of at least this. */
export const whole =
  (least: number, upTo = Number.MAX_SAFE_INTEGER): TextRule<number> =>
  (text) => {
    const value = wholeOf(text)
    const range = upTo === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${upTo}`
    return unless(value >= least && value <= upTo, value, `It must be a whole number ${range}.`)
  }
