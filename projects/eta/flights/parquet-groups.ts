/** Whether row groups are what the file's schema says. A reader that finds out later would leave errors behind. */
import type { FileMetaData, SchemaTree } from 'hyparquet'
import { parquetSchema } from 'hyparquet'
import type { SlipwayError } from '../../../contracts/failure.js'
import { badFile, tooManyRows } from '../../kit/csv-file.js'
import { MOST_ROWS } from '../../kit/file-limits.js'

/** The names of columns that hold one value a row. */
const flatColumns = (tree: SchemaTree): string[] =>
  tree.children.filter(({ children }) => children.length === 0).map(({ element }) => element.name)

const MOST_GROUP_ROWS = 10_000_000

/**
 * @param bytes the size of the file
 * @returns the flat columns, the only ones that are read
 * @throws SlipwayError BadData when a group has other columns, values or places than the file has room for
 */
export function requireSoundGroups(name: string, metadata: FileMetaData, bytes: number): string[] {
  const damaged = (problem: string): SlipwayError =>
    badFile(name, `cannot be read as Parquet (${problem}); it is damaged or truncated`)
  const flat = flatColumns(parquetSchema(metadata))
  let rows = 0
  for (const [index, group] of metadata.row_groups.entries()) {
    const own = Number(group.num_rows)
    if (!(own >= 0 && own <= MOST_GROUP_ROWS)) throw damaged(`row group ${index} states ${own} rows`)
    rows += own
    const paths = group.columns.map(({ meta_data }) => meta_data?.path_in_schema.join('.') ?? '')
    const twice = paths.find((path, at) => paths.indexOf(path) !== at)
    if (twice !== undefined) throw damaged(`row group ${index} has ${twice} twice`)
    for (const column of flat) {
      const meta = group.columns[paths.indexOf(column)]?.meta_data
      if (!meta) throw damaged(`row group ${index} has no ${column}`)
      const [from, size] = [
        Number(meta.dictionary_page_offset ?? meta.data_page_offset),
        Number(meta.total_compressed_size),
      ]
      const isInside =
        from >= 4 && size >= 0 && Math.max(from, Number(meta.data_page_offset)) <= bytes && from + size <= bytes
      if (!isInside) throw damaged(`${column} of row group ${index} is outside of the file`)
      if (Number(meta.num_values) !== own)
        throw damaged(`${column} of row group ${index} has ${meta.num_values} values for ${own} rows`)
    }
  }
  if (rows > MOST_ROWS) throw badFile(name, tooManyRows(MOST_ROWS))
  return flat
}
