/** Changes sound input in a few places: what is sound but for one thing reaches deeper than noise. */
import { createHash } from 'node:crypto'
import fc from 'fast-check'

const NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  'length',
  '',
  'a.b',
  '0',
]
/** A text that does not become shorter when a database compresses it. */
const scattered = (seed: number, length: number): string => {
  let text = ''
  while (text.length < length) text += createHash('sha256').update(`${seed} ${text.length}`).digest('hex')
  return text.slice(0, length)
}

const TEXTS = [
  ...NAMES,
  '../../etc/passwd',
  '/etc/passwd',
  '..\\..\\secret',
  '%2e%2e%2f',
  'file:///etc/passwd',
  '\0',
  '\ud800',
  '\ufeff',
  '\u202e',
  '\u001b]0;title\u0007',
  'é',
  'e\u0301',
  'NaN',
  'Infinity',
  '1e999',
  '-0',
  '0x10',
  '9'.repeat(400),
  "'; drop table ledger; --",
  '$&',
  '2026-02-30T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
  '1970-01-01T00:00:00Z',
  '0000-01-01',
  '99999999999999999999w',
  '0.0000001s',
  '1s',
  'x'.repeat(5_000),
  scattered(1, 12_000),
]
const NUMBERS = [
  0,
  -0,
  1,
  -1,
  0.5,
  1e-320,
  1e308,
  -1e308,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  -(2 ** 53),
  253_402_300_800_000,
  8.64e15,
  9e15,
]

export const oddText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...TEXTS),
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 12 }),
)

/** A label of as many listings as a long page has. */
const many = Object.fromEntries(Array.from({ length: 200 }, (_, seed) => [scattered(seed, 36), 0.1]))

const deep = fc.integer({ min: 1, max: 400 }).map((depth): unknown => {
  let value: unknown = 1
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value }
  return value
})

export const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: oddText },
  { weight: 3, arbitrary: fc.constantFrom(...NUMBERS) },
  { weight: 2, arbitrary: fc.double() },
  { weight: 2, arbitrary: fc.constantFrom(null, true, false, [], {}) },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  { weight: 1, arbitrary: fc.array(fc.constant(0), { minLength: 300, maxLength: 300 }) },
  { weight: 1, arbitrary: deep },
  { weight: 1, arbitrary: fc.constant(many) },
)

interface Change {
  readonly at: number
  readonly how: 'replace' | 'remove' | 'rename' | 'add' | 'repeat'
  readonly name: string
  readonly value: unknown
}

const change: fc.Arbitrary<Change> = fc.record({
  at: fc.nat({ max: 100_000 }),
  how: fc.constantFrom('replace', 'replace', 'replace', 'remove', 'rename', 'add', 'repeat'),
  name: fc.oneof(fc.constantFrom(...NAMES), oddText),
  value: oddValue,
})

/** Mostly none or one. */
const few = <Item>(one: fc.Arbitrary<Item>): fc.Arbitrary<Item[]> =>
  fc.oneof(
    { weight: 1, arbitrary: fc.constant<Item[]>([]) },
    { weight: 5, arbitrary: fc.array(one, { minLength: 1, maxLength: 1 }) },
    { weight: 3, arbitrary: fc.array(one, { minLength: 2, maxLength: 4 }) },
  )

/** A copy of a JSON value with up to four changes. */
export const changedJson = (bases: readonly unknown[]): fc.Arbitrary<unknown> =>
  fc
    .tuple(fc.constantFrom(...bases), few(change))
    .map(([base, changes]) => changes.reduce(applied, structuredClone(base)))

type Place = readonly [owner: object, key: string]

function applied(root: unknown, { at, how, name, value: given }: Change): unknown {
  const value = structuredClone(given)
  const places = placesIn(root)
  const place = places[at % Math.max(1, places.length)]
  if (!place) return value
  const [owner, key] = place
  const inside: unknown = Reflect.get(owner, key)
  if (how === 'remove') Reflect.deleteProperty(owner, key)
  else if (how === 'repeat' && Array.isArray(owner)) owner.push(structuredClone(inside))
  else if (how === 'add') own(typeof inside === 'object' && inside !== null ? inside : owner, name, value)
  else if (how === 'rename' && !Array.isArray(owner)) {
    Reflect.deleteProperty(owner, key)
    own(owner, name, inside)
  } else own(owner, key, value)
  return root
}

/** As `JSON.parse` sets a field: `__proto__` is one like all others. */
const own = (owner: object, key: string, value: unknown): void => {
  if (Array.isArray(owner) && !/^\d+$/.test(key)) owner.push(value)
  else Object.defineProperty(owner, key, { value, writable: true, enumerable: true, configurable: true })
}

function placesIn(root: unknown): Place[] {
  const places: Place[] = []
  const rest = [root]
  while (rest.length > 0 && places.length < 2_000) {
    const value = rest.pop()
    if (typeof value !== 'object' || value === null) continue
    for (const key of Object.keys(value)) {
      places.push([value, key])
      rest.push(Reflect.get(value, key))
    }
  }
  return places
}

interface Splice {
  readonly at: number
  readonly remove: number
  readonly insert: Uint8Array
}

const WORDS = [0, 1, 0x7f, 0x80, 0xff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff]
const word = fc.constantFrom(...WORDS).map((value) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return new Uint8Array(bytes)
})
const splice: fc.Arbitrary<Splice> = fc.oneof(
  // One byte, or one number of four bytes, is another one.
  fc.record({ at: fc.nat(), remove: fc.constant(1), insert: fc.uint8Array({ minLength: 1, maxLength: 1 }) }),
  fc.record({ at: fc.nat(), remove: fc.constant(4), insert: word }),
  fc.record({ at: fc.nat(), remove: fc.nat({ max: 40 }), insert: fc.uint8Array({ maxLength: 40 }) }),
  // The rest is missing.
  fc.record({ at: fc.nat(), remove: fc.constant(Number.MAX_SAFE_INTEGER), insert: fc.constant(new Uint8Array()) }),
)

/** A copy of bytes with up to four changes. */
export const changedBytes = (bases: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> =>
  fc.tuple(fc.constantFrom(...bases), few(splice)).map(([base, splices]) => splices.reduce(spliced, base))

const spliced = (bytes: Uint8Array, { at, remove, insert }: Splice): Uint8Array => {
  const from = bytes.length === 0 ? 0 : at % bytes.length
  return Buffer.concat([bytes.subarray(0, from), insert, bytes.subarray(Math.min(bytes.length, from + remove))])
}

interface CellChange {
  readonly row: number
  readonly column: number
  readonly how: 'cell' | 'row' | 'column' | 'line'
  readonly text: string
}

/** A table of text with up to four changes of cells, rows or columns, joined by a separator. */
export const changedTable = (tables: readonly (readonly string[][])[]): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom(...tables),
      few(
        fc.record({
          row: fc.nat({ max: 1_000 }),
          column: fc.nat({ max: 30 }),
          how: fc.constantFrom<CellChange['how']>('cell', 'cell', 'cell', 'row', 'column', 'line'),
          text: fc.oneof(oddText, fc.double().map(String), fc.constantFrom('"', '""', '\n', ',', ';', '\t', '\r')),
        }),
      ),
      fc.constantFrom(',', ',', ',', ';', '\t', '|'),
      fc.constantFrom('\n', '\n', '\r\n', '\r'),
    )
    .map(([table, changes, separator, ending]) => {
      const rows = changes.reduce(
        tableWith,
        table.map((row) => [...row]),
      )
      return rows.map((cells) => cells.join(separator)).join(ending)
    })

function tableWith(rows: string[][], { row, column, how, text }: CellChange): string[][] {
  const at = row % Math.max(1, rows.length)
  const cells = rows[at] ?? []
  if (how === 'row') rows.push([...cells])
  else if (how === 'line') rows.splice(at, 0, [text])
  else if (how === 'column') for (const one of rows) one.splice(column % Math.max(1, one.length), 1)
  else cells[column % Math.max(1, cells.length)] = text
  return rows
}
