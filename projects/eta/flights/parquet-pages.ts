/**
 * Whether the pages of a column hold as many values as they may. A reader takes the memory that a page header asks for:
 * four changed bytes are eight gigabytes.
 */
import type { ColumnMetaData, FileMetaData } from 'hyparquet'
import { badFile } from '../../kit/csv-file.js'
import { readStruct, type Struct } from './thrift-struct.js'

const [DATA, DICTIONARY, DATA_V2] = [0, 2, 3]
/** Fields of a page header. */
const [TYPE, UNPACKED, PACKED] = [1, 2, 3]
/** The field with what is particular to a type of page, whose first field is the number of its values. */
const OF_TYPE = new Map([
  [DATA, 5],
  [DICTIONARY, 7],
  [DATA_V2, 8],
])

interface Chunks {
  slice(from: number, to: number): Promise<ArrayBuffer>
}

/** @throws SlipwayError BadData when a page of the columns states more values than its row group has */
export async function requireSoundPages(
  file: Chunks,
  name: string,
  group: FileMetaData['row_groups'][number],
  columns: readonly string[],
): Promise<void> {
  for (const { meta_data: meta } of group.columns) {
    if (!meta || !columns.includes(meta.path_in_schema.join('.'))) continue
    const from = placeOf(meta)
    const bytes = new Uint8Array(await file.slice(from, from + Number(meta.total_compressed_size)))
    const problem = faultIn(bytes, Number(group.num_rows))
    if (problem !== undefined)
      throw badFile(name, `cannot be read as Parquet (${meta.path_in_schema.join('.')}: ${problem}); it is damaged`)
  }
}

export const placeOf = (meta: ColumnMetaData): number => Number(meta.dictionary_page_offset ?? meta.data_page_offset)

function faultIn(bytes: Uint8Array, rows: number): string | undefined {
  let at = 0
  let seen = 0
  // As the reader does: it stops at the last row, and takes no page from a single byte.
  while (seen < rows && at < bytes.length - 1) {
    let page: Struct
    try {
      page = readStruct(bytes, at)
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
    const [type, unpacked, packed] = [TYPE, UNPACKED, PACKED].map((id) => whole(page, id)) as [number, number, number]
    if (!(packed >= 0 && page.end + packed <= bytes.length))
      return `a page of ${packed} bytes, more than its column has`
    const header = page.fields.get(OF_TYPE.get(type) ?? -1)
    if (typeof header === 'object') {
      const [values, nulls, pageRows] = [1, 2, 3].map((id) => whole(header, id)) as [number, number, number]
      // An entry of a dictionary has at least a byte.
      const most = type === DICTIONARY ? unpacked : rows - seen
      if (!(values >= 0 && values <= most)) return `a page of ${values} values where there is room for ${most}`
      if (type === DATA_V2 && !(nulls >= 0 && nulls <= values && pageRows >= 0 && pageRows <= values))
        return `a page of ${values} values with ${nulls} empty ones in ${pageRows} rows`
      if (type !== DICTIONARY) seen += values
    }
    at = page.end + packed
  }
  return undefined
}

const whole = ({ fields }: Struct, id: number): number => {
  const value = fields.get(id)
  return typeof value === 'number' ? value : Number.NaN
}
