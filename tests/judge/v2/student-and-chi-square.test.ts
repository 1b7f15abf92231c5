/** Against an independent implementation, jStat, and against closed forms. */
import jstat from 'jstat'
import { describe, expect, it } from 'vitest'
import { normalTail } from '../../../judge/normal.js'
import { chiSquareTail, studentTail } from '../../../judge/v2/special.js'
import { studentFor } from '../../../judge/v2/student.js'

const { chisquare, studentt } = jstat

const close = (found: number, expected: number, digits = 9) =>
  expect(Math.abs(found - expected)).toBeLessThan(10 ** -digits * Math.max(1e-6, Math.abs(expected)))

describe('tails of the distributions that judge 2 uses', () => {
  it('chi-square agrees with an independent implementation', () => {
    for (const freedom of [1, 2, 4, 9, 29, 89])
      for (const x of [0.01, 0.5, 3, 10, 40, 120]) close(chiSquareTail(x, freedom), 1 - chisquare.cdf(x, freedom), 5)
  })
  it('chi-square has its closed forms for one and two degrees', () => {
    for (const x of [0.1, 1, 5, 20, 60]) {
      close(chiSquareTail(x, 2), Math.exp(-x / 2), 12)
      close(chiSquareTail(x, 1), 2 * normalTail(Math.sqrt(x)), 11)
    }
    expect(chiSquareTail(0, 3)).toBe(1)
  })
  it('Student’s t agrees with an independent implementation, and with the Cauchy distribution', () => {
    for (const freedom of [2, 4, 9, 29])
      for (const t of [0, 0.3, 1, 2.5, 6]) close(studentTail(t, freedom), 1 - studentt.cdf(t, freedom), 6)
    for (const t of [0, 1, 30, 1_000]) close(studentTail(t, 1), 0.5 - Math.atan(t) / Math.PI, 8)
  })
  it('a critical value leaves the tail of the normal one', () => {
    for (const z of [1.5, 3, 4.5])
      for (const freedom of [4, 10, 60]) {
        close(studentTail(studentFor(z, freedom), freedom), normalTail(z), 8)
        expect(studentFor(z, freedom)).toBeGreaterThan(z)
      }
    close(studentFor(3, 1e7), 3, 5)
  })
})
