/** Reads a struct of Thrift's compact protocol, the form of Parquet's page headers. */

export interface Struct {
  /** Integers and structs by field id; fields of other types are passed over. */
  readonly fields: ReadonlyMap<number, number | Struct>
  /** Where the next byte after it is. */
  readonly end: number
}

const [STOP, TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, STRUCT] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12,
]
const DEEPEST = 8

/** @throws RangeError when the bytes are none */
export function readStruct(bytes: Uint8Array, from: number, deep = DEEPEST): Struct {
  let at = from
  const byte = (): number => {
    const value = bytes[at]
    if (value === undefined) throw new RangeError('a page header without an end')
    at += 1
    return value
  }
  const varint = (): number => {
    let value = 0
    for (let shift = 0; shift < 70; shift += 7) {
      const part = byte()
      value += (part & 0x7f) * 2 ** shift
      if (part < 0x80) return value
    }
    throw new RangeError('a number without an end in a page header')
  }
  const zigzag = (): number => {
    const value = varint()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }
  const value = (type: number, inList = false): number | Struct | undefined => {
    if (type === TRUE || type === FALSE) return void (inList && byte())
    if (type === BYTE) return byte()
    if (type === I16 || type === I32 || type === I64) return zigzag()
    if (type === DOUBLE) at += 8
    else if (type === BINARY) {
      // In two steps: `at += varint()` would take `at` from before the length was read.
      const length = varint()
      at += length
    } else if (type === STRUCT && deep > 0) {
      const inner = readStruct(bytes, at, deep - 1)
      at = inner.end
      return inner
    } else if (type === LIST || type === SET) {
      const head = byte()
      const size = head >> 4 === 15 ? varint() : head >> 4
      for (let item = 0; item < size; item += 1) value(head & 15, true)
    } else throw new RangeError(`a field of type ${type} in a page header`)
    return undefined
  }
  const fields = new Map<number, number | Struct>()
  let id = 0
  for (let head = byte(); (head & 15) !== STOP; head = byte()) {
    id = head >> 4 === 0 ? zigzag() : id + (head >> 4)
    const found = value(head & 15)
    if (found !== undefined) fields.set(id, found)
  }
  return { fields, end: at }
}
