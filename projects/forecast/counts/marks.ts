/** What a row of daily counts may say of its series and day besides the count. */
import { type CellPlace, refuseCell as refuse } from '../../kit/source-problems.js'

/** Optional columns with 1, 0 or nothing, and the bit of each. */
export const MARKS = { promoted: 1, closed: 2, school_holiday: 4 } as const
const STORE_TYPE = 'store_type'
/** As long as the code of a series. */
const LONGEST_TYPE = 80

export interface Marks {
  /** Whether the file says which days are school holidays. */
  readonly hasHolidays: boolean
  readonly storeTypes: ReadonlyMap<string, string>
  /** @returns bits of `MARKS` */
  of(cells: readonly string[], at: CellPlace): number
  /** A series has one type in all of its rows. */
  seeType(cells: readonly string[], code: string, at: CellPlace): void
}

export function marksIn(columns: readonly string[]): Marks {
  const places = Object.entries(MARKS).flatMap(([name, bit]) => {
    const place = columns.indexOf(name)
    return place < 0 ? [] : [{ name, bit, place }]
  })
  const type = columns.indexOf(STORE_TYPE)
  const storeTypes = new Map<string, string>()
  return {
    hasHolidays: columns.includes('school_holiday'),
    storeTypes,
    of: (cells, at) =>
      places.reduce((bits, { name, bit, place }) => (flagOf(cells[place] ?? '', name, at) ? bits | bit : bits), 0),
    seeType(cells, code, at) {
      const text = cells[type] ?? ''
      if (type < 0 || text === '') return
      if (text.length > LONGEST_TYPE)
        return refuse(at, STORE_TYPE, text, `at most ${LONGEST_TYPE} characters`, undefined)
      const known = storeTypes.get(code)
      if (known === undefined) storeTypes.set(code, text)
      else if (known !== text) refuse(at, STORE_TYPE, text, `the type ${known} of ${code} in an earlier row`, undefined)
    },
  }
}

function flagOf(text: string, column: string, at: CellPlace): boolean {
  if (text === '' || text === '0') return false
  return text === '1' || refuse(at, column, text, '0 or 1', false)
}

/** The count of a day on which its series was closed: nothing can be sold then. */
export function closedCountOf(text: string, at: CellPlace): number {
  if (text !== '' && text !== '0') refuse(at, 'count', text, '0 or empty, though the row says closed', 0)
  return 0
}
