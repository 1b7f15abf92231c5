/**
 * The time zones that Arrow's schema names for columns of a Parquet file. Parquet itself stores instants in UTC and
 * forgets the zone. The schema is a FlatBuffers message in base64 (arrow/format/Schema.fbs).
 */
import type { FileMetaData } from 'hyparquet'

const SCHEMA = 1
const TIMESTAMP = 10
const CONTINUATION = 0xffff_ffff

/** By column. Empty where the file has no such schema, or one that cannot be read. */
export function arrowZones({
  key_value_metadata: pairs,
}: Pick<FileMetaData, 'key_value_metadata'>): Map<string, string> {
  const text = pairs?.find(({ key }) => key === 'ARROW:schema')?.value
  try {
    return text ? zonesIn(Buffer.from(text, 'base64')) : new Map()
  } catch {
    return new Map()
  }
}

function zonesIn(encapsulated: Buffer): Map<string, string> {
  const bytes = encapsulated.subarray(encapsulated.readUInt32LE(0) === CONTINUATION ? 8 : 4)
  const message = bytes.readUInt32LE(0)
  const schema = tableAt(bytes, message, 2)
  if (schema === undefined || byteAt(bytes, message, 1) !== SCHEMA) return new Map()
  return new Map(
    tablesAt(bytes, schema, 1).flatMap((field): [string, string][] => {
      if (byteAt(bytes, field, 2) !== TIMESTAMP) return []
      const type = tableAt(bytes, field, 3)
      const [name, zone] = [textAt(bytes, field, 0), type === undefined ? undefined : textAt(bytes, type, 1)]
      return name !== undefined && zone ? [[name, zone]] : []
    }),
  )
}

/** Where a field of a table is; undefined where it is absent. */
function placeOf(bytes: Buffer, table: number, field: number): number | undefined {
  const vtable = table - bytes.readInt32LE(table)
  const entry = 4 + field * 2
  const offset = entry < bytes.readUInt16LE(vtable) ? bytes.readUInt16LE(vtable + entry) : 0
  return offset === 0 ? undefined : table + offset
}

function byteAt(bytes: Buffer, table: number, field: number): number | undefined {
  const place = placeOf(bytes, table, field)
  return place === undefined ? undefined : bytes.readUInt8(place)
}

function tableAt(bytes: Buffer, table: number, field: number): number | undefined {
  const place = placeOf(bytes, table, field)
  return place === undefined ? undefined : place + bytes.readUInt32LE(place)
}

function textAt(bytes: Buffer, table: number, field: number): string | undefined {
  const start = tableAt(bytes, table, field)
  return start === undefined ? undefined : bytes.toString('utf8', start + 4, start + 4 + bytes.readUInt32LE(start))
}

function tablesAt(bytes: Buffer, table: number, field: number): number[] {
  const start = tableAt(bytes, table, field)
  if (start === undefined) return []
  return Array.from({ length: Math.min(bytes.readUInt32LE(start), bytes.length) }, (_, index) => {
    const place = start + 4 + index * 4
    return place + bytes.readUInt32LE(place)
  })
}
