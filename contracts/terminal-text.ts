/**
 * Texts of users on a terminal: a control character in a name or a reason could move the cursor, forge a line or rename
 * the window. JSON and pages keep them as they are.
 */

/** Controls, separators of lines, and marks that change the direction of the text after them. */
const CONTROL = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu
/**
 * The same without what lays out a whole text: a new line, a tab, and the styles that Slipway writes (bold, dim, red,
 * green, yellow and their ends). Others could hide text.
 */
const UNSAFE = new RegExp(`${'\u001b'}\\[(?:1|2|22|3[1-3]|39)m|${CONTROL.source}`, 'gu')

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

const escaped = (character: string): string => {
  const code = character.codePointAt(0) ?? 0
  return NAMED[character] ?? (code < 256 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`)
}

const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, '0')

/** One text of a user, as it is shown in a line. */
export const terminalText = (text: string): string => text.replace(CONTROL, escaped)

/** The last line of defence for a whole output, which may have several lines and colours. */
export const terminalOutput = (output: string): string =>
  output.replace(UNSAFE, (found) => (found === '\n' || found === '\t' || found.length > 1 ? found : escaped(found)))

/** The same value with every text of it as it is shown on a terminal. */
export function terminalValue<Value>(value: Value): Value {
  return shownOf(value) as Value
}

function shownOf(value: unknown): unknown {
  if (typeof value === 'string') return terminalText(value)
  if (Array.isArray(value)) return value.map(shownOf)
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [terminalText(name), shownOf(inner)]))
}
