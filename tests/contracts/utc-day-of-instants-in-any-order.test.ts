import fc from 'fast-check'
import { expect, it } from 'vitest'
import { DAY_MS, utcDay } from '../../contracts/duration.js'

const plain = (epochMs: number) => new Date(epochMs).toISOString().slice(0, 10)

it('the day of an instant does not depend on the instant asked for before', () => {
  const near = fc.tuple(fc.integer({ min: -3, max: 3 }), fc.constantFrom(-1, -0.5, 0, 0.5, 1, 43_200_000))
  const instant = fc.oneof(
    near.map(([day, ms]) => day * DAY_MS + ms),
    fc.integer({ min: -8e12, max: 8e12 }),
  )
  fc.assert(
    fc.property(fc.array(instant), (instants) => {
      expect(instants.map(utcDay)).toEqual(instants.map(plain))
    }),
  )
})

it.each([Number.NaN, Number.POSITIVE_INFINITY, 9e15])('%d is no instant, also after a valid one', (value) => {
  expect(utcDay(0)).toBe('1970-01-01')
  expect(() => utcDay(value)).toThrow(RangeError)
  expect(utcDay(0)).toBe('1970-01-01')
})
