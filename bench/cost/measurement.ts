/** What `npm run bench` measures: each measurement is a file and a row of `all-measurements.ts`. */

export interface Line {
  readonly what: string
  readonly value: number
  /** `×` for a ratio of two values of the same run, which alone says something about another machine. */
  readonly unit: 'ms' | 's' | 'MB' | '/s' | '×'
  readonly atMost?: number
  readonly atLeast?: number
}

export interface Measurement {
  readonly about: string
  /** Prints nothing: progress goes to `say`. */
  readonly run: (options: { readonly small: boolean; readonly say: (text: string) => void }) => Promise<Line[]>
}

export const holds = ({ value, atMost = Number.POSITIVE_INFINITY, atLeast = Number.NEGATIVE_INFINITY }: Line) =>
  value <= atMost && value >= atLeast

const goalOf = ({ atMost, atLeast }: Line) =>
  atMost !== undefined ? `at most ${atMost}` : atLeast !== undefined ? `at least ${atLeast}` : ''

export function textOf(line: Line): string {
  const goal = goalOf(line)
  const amount = line.value >= 100 ? line.value.toFixed(0) : line.value.toPrecision(3)
  const verdict = goal === '' ? '' : `  ${goal}: ${holds(line) ? 'holds' : 'MISSED'}`
  return `  ${line.what.padEnd(66)} ${amount.padStart(8)} ${line.unit.padEnd(2)}${verdict}`
}
