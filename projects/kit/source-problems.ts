/** What is wrong with a source: thrown at the first problem by an import, collected by `slipway snapshot check`. */
import { SlipwayError } from '../../contracts/failure.js'
import type { SourceProblems } from '../project.js'

const SHOWN = 3
const LONGEST = 120
/** Problems with text of their own: a source with an error in each row must not fill the memory, or the screen. */
const KINDS = 100
const FURTHER = 'further problems of other kinds'

export interface FoundProblem {
  readonly problem: string
  /** How often it was found. */
  readonly count: number
  /** Where, the first few. */
  readonly places: readonly string[]
}

export function collectProblems(): SourceProblems & { list(): FoundProblem[] } {
  const found = new Map<string, { count: number; places: string[] }>()
  let count = 0
  return {
    get count() {
      return count
    },
    add(problem, place) {
      count += 1
      const name = found.has(problem) || found.size < KINDS ? problem : FURTHER
      const known = found.get(name) ?? { count: 0, places: [] }
      known.count += 1
      if (place !== undefined && known.places.length < SHOWN) known.places.push(place)
      found.set(name, known)
    },
    list: () => [...found].map(([problem, known]) => ({ problem, ...known })),
  }
}

/** @throws SlipwayError BadData unless problems are collected */
export function refuseSource(problems: SourceProblems | undefined, problem: string, place?: string): void {
  if (!problems) throw new SlipwayError('BadData', place === undefined ? problem : `${problem}: ${place}`)
  problems.add(problem, place)
}

/** Where a cell is, for messages. */
export interface CellPlace {
  readonly file: string
  /** Counted from 1, without the header. */
  readonly row: number
  readonly problems?: SourceProblems | undefined
}

/**
 * @param instead what stands for the cell while problems are collected; its row is left out
 * @throws SlipwayError BadData naming row, column and value, unless problems are collected
 */
export function refuseCell<Value>(
  { file, row, problems }: CellPlace,
  column: string,
  value: unknown,
  wanted: string,
  instead: Value,
): Value {
  const text = String(value)
  if (!problems) throw new SlipwayError('BadData', `${file} row ${row}: ${column} is "${text}", which is not ${wanted}`)
  problems.add(`${file}: ${column} is not ${wanted}`, `row ${row} "${text.slice(0, LONGEST)}"`)
  return instead
}

/** What was read; undefined if it is bad data and problems are collected. */
export function collecting<Value>(problems: SourceProblems | undefined, read: () => Value): Value | undefined {
  try {
    return read()
  } catch (error) {
    if (!problems || !(error instanceof SlipwayError) || error.type !== 'BadData') throw error
    problems.add(error.message)
    return undefined
  }
}
