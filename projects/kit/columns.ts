import { SlipwayError } from '../../contracts/failure.js'

/**
 * A column that is there twice has two values in each row, and none of them is the right one for sure.
 * @throws SlipwayError BadData naming the column
 */
export function refuseRepeatedColumns(file: string, columns: string[]): string[] {
  const twice = columns.find((name, index) => name !== '' && columns.indexOf(name) !== index)
  if (twice === undefined) return columns
  const places = columns.flatMap((name, index) => (name === twice ? [index + 1] : [])).join(' and ')
  throw new SlipwayError(
    'BadData',
    `${file} has the column ${twice} more than once, at places ${places}; remove or rename all but one`,
  )
}
