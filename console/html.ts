/** HTML with every inserted text escaped: a reason that an operator typed is shown and never interpreted as markup. */

/** Markup made by this module, inserted without escaping. */
export class Markup {
  constructor(readonly text: string) {}
}

type Part = Markup | string | number | null | undefined | false | readonly Part[]

export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(strings.map((text, index) => text + (index < parts.length ? render(parts[index]) : '')).join(''))
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function render(part: Part): string {
  if (part === null || part === undefined || part === false) return ''
  if (part instanceof Markup) return part.text
  if (typeof part === 'object') return part.map(render).join('')
  return seen(String(part)).replace(/[&<>"']/g, (one) => ESCAPES[one] ?? one)
}

/**
 * Characters that change how other text is shown: control characters, as in the colours of a terminal, and those that
 * override the direction of text. Marks of right-to-left languages stay.
 */
const UNSEEN = /(?![\t\n])[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu

/** The text with those characters made visible. */
export const seen = (text: string): string => text.replace(UNSEEN, visible)

/** Control characters have pictures in Unicode; others are named by their number. */
function visible(one: string): string {
  const code = one.charCodeAt(0)
  if (code < 0x20) return String.fromCharCode(0x2400 + code)
  return code === 0x7f ? '\u2421' : `[U+${code.toString(16).toUpperCase().padStart(4, '0')}]`
}

/**
 * A table; the columns from `numbersFrom` on are right-aligned numbers. Empty when there are no rows.
 * @param differs rows that are marked
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly (Markup | string)[])[],
  numbersFrom = head.length,
  differs: (row: number) => boolean = () => false,
): Markup {
  if (rows.length === 0) return html``
  const cell = (text: Markup | string, index: number) =>
    html`<td${attribute(index >= numbersFrom ? 'number' : LONG_WORD.test(render(text)) ? 'long' : '')}>${text}</td>`
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Table: ${head[0]}"><table>
<thead><tr>${head.map((text, index) => html`<th${attribute(index >= numbersFrom ? 'number' : '')}>${text}</th>`)}</tr></thead>
<tbody>${rows.map((row, at) => html`<tr${attribute(differs(at) ? 'differs' : '')}>${row.map(cell)}</tr>`)}</tbody>
</table></div>`
}

const attribute = (name: string): Markup => new Markup(name === '' ? '' : ` class="${name}"`)

/** Digests and similar texts may break at any character; words may not. */
const LONG_WORD = /[^\s<>]{40,}/

/** Five significant digits; integers with thousands separators. */
export const number = (value: number | null | undefined): string =>
  value === null || value === undefined || !Number.isFinite(value)
    ? '–'
    : Number.isInteger(value)
      ? value.toLocaleString('en')
      : String(Number(value.toPrecision(5)))
