/** Writes small Parquet files, as bytes may be in the field: uncompressed, PLAIN, one page a column and row group. */

/** `instant` holds microseconds since 1970, in any order of size that 64 bits hold. */
export type ParquetColumn =
  | { readonly name: string; readonly type: 'instant'; readonly values: readonly bigint[] }
  | { readonly name: string; readonly type: 'number'; readonly values: readonly number[] }
  | { readonly name: string; readonly type: 'text'; readonly values: readonly (string | Uint8Array)[] }

const TYPE = { instant: 2, number: 5, text: 6 } as const
const CONVERTED = { instant: 10, number: undefined, text: 0 } as const

/**
 * @param statistics whether row groups have the bounds of their instants
 * @param stated the number of values that the header of each page states, instead of its own
 * @param arrow base64 of Arrow's schema
 */
export function parquetFile(
  groups: readonly (readonly ParquetColumn[])[],
  statistics = true,
  stated?: number,
  arrow?: string,
): Buffer {
  const parts: Buffer[] = [Buffer.from('PAR1')]
  let offset = 4
  const rowGroups = groups.map((columns) => {
    const chunks = columns.map((column) => {
      const data = Buffer.concat(column.values.map((value) => plain(column.type, value)))
      const count = stated ?? column.values.length
      const header = struct([1, i32(0)], [2, i32(data.length)], [3, i32(data.length)], [5, pageHeader(count)])
      const start = offset
      parts.push(header, data)
      offset += header.length + data.length
      return struct([2, i64(start)], [3, nested(chunkMeta(column, start, header.length + data.length, statistics))])
    })
    const rows = columns[0]?.values.length ?? 0
    return struct([1, list(12, chunks)], [2, i64(1)], [3, i64(rows)])
  })
  const first = groups[0] ?? []
  const root = struct([4, binary('schema')], [5, i32(first.length)])
  const schema = [root, ...first.map(element)]
  const rows = groups.reduce((sum, columns) => sum + (columns[0]?.values.length ?? 0), 0)
  const pair = struct([1, binary('ARROW:schema')], [2, binary(arrow ?? '')])
  const footer = struct(
    [1, i32(1)],
    [2, list(12, schema)],
    [3, i64(rows)],
    [4, list(12, rowGroups)],
    ...(arrow === undefined ? [] : ([[5, list(12, [pair])]] as Field[])),
  )
  const length = Buffer.alloc(4)
  length.writeUInt32LE(footer.length)
  return Buffer.concat([...parts, footer, length, Buffer.from('PAR1')])
}

function element({ name, type }: ParquetColumn): Buffer {
  const converted = CONVERTED[type]
  return struct(
    [1, i32(TYPE[type])],
    [3, i32(0)],
    [4, binary(name)],
    ...(converted === undefined ? [] : ([[6, i32(converted)]] as Field[])),
  )
}

function chunkMeta(column: ParquetColumn, start: number, size: number, statistics: boolean): Buffer {
  const bounds: Field[] = []
  if (statistics && column.type === 'instant') {
    const sorted = [...column.values].sort((a, b) => (a < b ? -1 : 1))
    const bound = (value: bigint | undefined) => binary(plain('instant', value ?? 0n))
    bounds.push([12, nested(struct([5, bound(sorted.at(-1))], [6, bound(sorted[0])]))])
  }
  return struct(
    [1, i32(TYPE[column.type])],
    [2, list(5, [zigzag(0n)])],
    [3, list(8, [sized(Buffer.from(column.name))])],
    [4, i32(0)],
    [5, i64(column.values.length)],
    [6, i64(size)],
    [7, i64(size)],
    [9, i64(start)],
    ...bounds,
  )
}

/** Of a data page: values, PLAIN; levels in RLE, of which a required column has none. */
const pageHeader = (values: number): Value => nested(struct([1, i32(values)], [2, i32(0)], [3, i32(3)], [4, i32(3)]))

function plain(type: ParquetColumn['type'], value: bigint | number | string | Uint8Array): Buffer {
  const bytes = Buffer.alloc(8)
  if (type === 'instant') bytes.writeBigInt64LE(BigInt(value as bigint))
  else if (type === 'number') bytes.writeDoubleLE(Number(value))
  else {
    const text = Buffer.from(value as Uint8Array)
    bytes.writeUInt32LE(text.length)
    return Buffer.concat([bytes.subarray(0, 4), text])
  }
  return bytes
}

// Thrift's compact protocol.
interface Value {
  readonly type: number
  readonly bytes: Buffer
}
type Field = readonly [id: number, value: Value]

function varint(value: bigint): Buffer {
  const bytes: number[] = []
  let rest = value
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80)
    rest >>= 7n
  }
  return Buffer.from([...bytes, Number(rest)])
}
const zigzag = (value: bigint): Buffer => varint(value < 0n ? -value * 2n - 1n : value * 2n)
const sized = (bytes: Uint8Array): Buffer => Buffer.concat([varint(BigInt(bytes.length)), bytes])
const i32 = (value: number): Value => ({ type: 5, bytes: zigzag(BigInt(value)) })
const i64 = (value: number): Value => ({ type: 6, bytes: zigzag(BigInt(value)) })
const binary = (value: string | Uint8Array): Value => ({ type: 8, bytes: sized(Buffer.from(value as Uint8Array)) })
const nested = (bytes: Buffer): Value => ({ type: 12, bytes })
const list = (type: number, items: readonly Buffer[]): Value => {
  const size = items.length < 15 ? Buffer.from([(items.length << 4) | type]) : undefined
  const head = size ?? Buffer.concat([Buffer.from([0xf0 | type]), varint(BigInt(items.length))])
  return { type: 9, bytes: Buffer.concat([head, ...items]) }
}
function struct(...fields: readonly Field[]): Buffer {
  let before = 0
  const parts = fields.map(([id, { type, bytes }]) => {
    const head = Buffer.from([((id - before) << 4) | type])
    before = id
    return Buffer.concat([head, bytes])
  })
  return Buffer.concat([...parts, Buffer.from([0])])
}
