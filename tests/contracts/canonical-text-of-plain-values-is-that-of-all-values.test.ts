import fc from 'fast-check'
import { expect, it } from 'vitest'
import { canonicalJson } from '../../contracts/canonical.js'

/** The rule as it was first written; every recorded digest is of this text. */
const asRecorded = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    inner === null || typeof inner !== 'object' || Array.isArray(inner)
      ? inner
      : Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))),
  )

it('gives the recorded text of what JSON.parse returns', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), (text) => {
      const value: unknown = JSON.parse(text)
      expect(canonicalJson(value)).toBe(asRecorded(value))
    }),
    { numRuns: 2_000 },
  )
})

it('gives the recorded text of any other value', () => {
  const noNumber = (value: unknown): boolean => typeof value === 'number' && !Number.isFinite(value)
  const anything = fc.anything({ withDate: true, withNullPrototype: true, withSparseArray: true, maxDepth: 3 })
  fc.assert(
    fc.property(anything, (value) => {
      if (JSON.stringify(value, (_, inner: unknown) => (noNumber(inner) ? '#' : inner))?.includes('"#"')) return
      expect(canonicalJson(value)).toBe(asRecorded(value))
    }),
    { numRuns: 2_000 },
  )
})

/** Values that print as another one, though nothing of that can be seen in their fields. */
const hidden = (of: object) => Object.defineProperty(of, 'toJSON', { value: () => 'other' })

it.each([
  [{ '10': 1, '9': 2 }],
  [hidden({ a: 1 })],
  [Object.setPrototypeOf([1], hidden(Object.create(Array.prototype)))],
  [JSON.parse('{"b":1,"10":2,"9":3,"a":{"__proto__":1,"toJSON":2}}')],
  [{ b: undefined, a: [undefined, () => 1] }],
  [{ at: new Date(0), z: -0, text: '\ud800 \u2028' }],
  [undefined],
])('gives the recorded text of %j', (value) => expect(canonicalJson(value)).toBe(asRecorded(value)))

it.each([[Number.NaN], [{ a: [Number.POSITIVE_INFINITY] }]])('refuses %j', (value) =>
  expect(() => canonicalJson(value)).toThrow(RangeError),
)
