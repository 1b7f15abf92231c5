/** Cells of a table, wrapped so that the table is not wider than a page. */

/** In characters. A terminal of 100 columns, a log and a page of documentation all show it. */
export const WIDEST = 100

/** A column of text that is narrower than this is hard to read. */
const READABLE = 24
/** Most ids of a release; longer ones are broken when there is no other way. */
const LONG_WORD = 40

const lengthOf = (text: string): number => Array.from(text).length
const longest = (lines: readonly string[]): number => Math.max(0, ...lines.map(lengthOf))

/** @returns the same rows; a cell that is too wide has line breaks, at spaces where there are some */
export function fitted(rows: readonly (readonly string[])[], widest = WIDEST): string[][] {
  const columns = Math.max(0, ...rows.map((row) => row.length))
  const cells = (column: number) => rows.map((row) => row[column] ?? '')
  const widths = Array.from({ length: columns }, (_, column) =>
    longest(cells(column).flatMap((cell) => cell.split('\n'))),
  )
  const words = widths.map((_, column) => longest(cells(column).flatMap((cell) => cell.split(/\s/))))
  // A cell has a space on both sides, and a line beside each column.
  const room = widest - 3 * columns - 1
  const total = () => widths.reduce((sum, width) => sum + width, 0)
  // Text is wrapped between its words first: an id that is broken cannot be copied.
  const leastWidths = [
    words.map((word) => Math.max(READABLE, Math.min(word, LONG_WORD))),
    words.map((word) => Math.max(READABLE / 2, Math.min(word, LONG_WORD))),
    words.map((word) => Math.min(word, READABLE)),
    words.map(() => 1),
  ]
  // The column with the longest text first.
  const byWidth = widths.map((width, column) => ({ width, column })).sort((one, other) => other.width - one.width)
  for (const allowed of leastWidths)
    for (const { column } of byWidth) {
      const width = widths[column] ?? 0
      const spare = Math.max(0, width - (allowed[column] ?? 1))
      widths[column] = width - Math.min(spare, Math.max(0, total() - room))
    }
  return rows.map((row) => row.map((cell, column) => wrapped(cell, widths[column] ?? 1)))
}

const wrapped = (cell: string, width: number): string =>
  cell
    .split('\n')
    .flatMap((line) => (lengthOf(line) <= width ? [line] : wrappedLine(line, width)))
    .join('\n')

function wrappedLine(line: string, width: number): string[] {
  const lines: string[] = []
  let current = ''
  for (const word of line.split(' ').flatMap((text) => pieces(text, width))) {
    if (current === '') current = word
    else if (lengthOf(current) + 1 + lengthOf(word) <= width) current += ` ${word}`
    else {
      lines.push(current)
      current = word
    }
  }
  return [...lines, current]
}

function pieces(word: string, width: number): string[] {
  const characters = Array.from(word)
  if (characters.length <= width) return [word]
  const count = Math.ceil(characters.length / width)
  return Array.from({ length: count }, (_, at) => characters.slice(at * width, (at + 1) * width).join(''))
}
