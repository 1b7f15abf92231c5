/**
 * A Parquet file of flights, by row groups. Whatever is wrong with one is BadData that names the file and the problem.
 */
import {
  asyncBufferFromFile,
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
} from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { SlipwayError } from '../../../contracts/failure.js'
import { refuseRepeatedColumns } from '../../kit/columns.js'
import { badFile } from '../../kit/csv-file.js'
import { oneSpelling } from '../../kit/one-spelling.js'
import { arrowZones } from './arrow-zones.js'
import type { FlightFile, TimeRange } from './opened-file.js'
import { requireSoundGroups } from './parquet-groups.js'
import { requireSoundPages } from './parquet-pages.js'

/** Replaced bytes would turn two codes into one. */
const strict = new TextDecoder('utf-8', { fatal: true })

export async function openParquet(path: string, name: string): Promise<FlightFile> {
  const opened = await asyncBufferFromFile(path)
  // As a promise also where it throws: the reader would leave the other columns' promises behind.
  const file = { byteLength: opened.byteLength, slice: async (from: number, to?: number) => opened.slice(from, to) }
  const metadata = await parquetMetadataAsync(file).catch((error: unknown) => {
    throw unreadable(name, error)
  })
  const columns = columnsOf(name, metadata, file.byteLength)
  const nested = parquetSchema(metadata).children.flatMap(({ element, children }) =>
    children.length > 0 ? [element.name] : [],
  )
  const zones = new Map([...arrowZones(metadata)].filter(([, zone]) => !UTC.test(zone)))
  return {
    name,
    columns,
    nested,
    zones,
    async *batches(range) {
      let rowStart = 0
      for (const group of metadata.row_groups) {
        const rowEnd = rowStart + Number(group.num_rows)
        if (!range || mayHold(group, range)) {
          await requireSoundPages(file, name, group, columns).catch((error: unknown) => {
            throw unreadable(name, error)
          })
          const parsers = { ...INSTANTS, stringFromBytes: textIn(name, rowStart, rowEnd) }
          const request = { file, metadata, columns, compressors: BOUNDED, parsers, rowStart, rowEnd }
          yield await parquetReadObjects(request).catch((error: unknown) => {
            throw unreadable(name, error)
          })
        }
        rowStart = rowEnd
      }
    },
  }
}

const UTC = /^(UTC|Etc\/UTC|GMT|Z|[+-]00:?00)$/i

/** An instant that no date holds stays the number that is written: there is nothing else to show of it. */
const instantOf = (written: number | bigint, perMs: bigint, unit: string): Date | string => {
  const date = new Date(Number(BigInt(written) / perMs))
  if (!Number.isNaN(date.getTime())) return date
  return BigInt(written) === NOT_A_TIME ? 'NaT' : `${written} ${unit} since 1970`
}
/** How pandas writes an instant that is missing. */
const NOT_A_TIME = -(2n ** 63n)
// The type of the reader's functions says Date; it passes on what they return.
const INSTANTS = {
  timestampFromMilliseconds: (written: bigint) => instantOf(written, 1n, 'milliseconds') as Date,
  timestampFromMicroseconds: (written: bigint) => instantOf(written, 1_000n, 'microseconds') as Date,
  timestampFromNanoseconds: (written: bigint) => instantOf(written, 1_000_000n, 'nanoseconds') as Date,
}

function columnsOf(name: string, metadata: FileMetaData, bytes: number): string[] {
  try {
    const names = parquetSchema(metadata).children.map((child) => child.element.name)
    refuseRepeatedColumns(name, names)
    return requireSoundGroups(name, metadata, bytes)
  } catch (error) {
    throw unreadable(name, error)
  }
}

/** Of one page, unpacked: a page holds a part of a column of a row group. */
const MOST_PAGE_BYTES = 256 * 1024 ** 2

const BOUNDED: Compressors = Object.fromEntries(
  Object.entries(compressors).map(([codec, unpack]) => [
    codec,
    (packed: Uint8Array, size: number) => {
      if (size > MOST_PAGE_BYTES) throw new RangeError(`a page of ${size} bytes, more than ${MOST_PAGE_BYTES}`)
      return unpack(packed, size)
    },
  ]),
)

const textIn = (name: string, rowStart: number, rowEnd: number) => (bytes: Uint8Array) => {
  try {
    return bytes && oneSpelling(strict.decode(bytes))
  } catch {
    const [from, shown] = [rowStart + 1, Buffer.from(bytes).toString('latin1')]
    throw badFile(name, `rows ${from} to ${rowEnd} hold text that is not UTF-8, such as "${shown}"; write it as UTF-8`)
  }
}

function unreadable(name: string, error: unknown): SlipwayError {
  if (error instanceof SlipwayError) return error
  const message = error instanceof Error ? error.message : String(error)
  return badFile(name, `cannot be read as Parquet (${message}); it is probably truncated`)
}

/**
 * By the statistics of the group's `date` column. A group without statistics may hold anything, and so may one whose
 * bounds are no dates: it holds a row that is to be refused.
 */
function mayHold(group: FileMetaData['row_groups'][number], { from, to }: TimeRange): boolean {
  const column = group.columns.find((chunk) => chunk.meta_data?.path_in_schema.join('.') === 'date')
  const { min_value: min, max_value: max } = column?.meta_data?.statistics ?? {}
  const [first, last] = [min, max].map((bound) => (bound instanceof Date ? bound.getTime() : Number.NaN))
  const areBounds = first !== undefined && last !== undefined && first <= last
  return !areBounds || (last >= from && first < to)
}
