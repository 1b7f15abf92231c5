/** Digits with an optional sign, decimal point and exponent. */
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

/**
 * The one rule for numbers that users write as text. `Number` also accepts blanks, `0x10`, `0b11` and `Infinity`, which
 * are no numbers in a table or on a command line.
 * @returns NaN when the text is not a finite decimal number
 */
export function decimalOf(text: string): number {
  const number = DECIMAL.test(text) ? Number(text) : Number.NaN
  return Number.isFinite(number) ? number : Number.NaN
}

/** A whole number that doubles hold exactly; NaN otherwise. */
export function wholeOf(text: string): number {
  const number = decimalOf(text)
  return Number.isSafeInteger(number) ? number : Number.NaN
}
