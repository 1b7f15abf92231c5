import { expect, it } from 'vitest'
import { CLOCKS_DIFFER_MS, isFuture, requirePastCutoff } from '../../contracts/instants.js'

const NOW = Date.parse('2026-03-01T12:00:00Z')
const cutoffAt = (offsetMs: number) => new Date(NOW + offsetMs).toISOString()

it.each([0, 300, CLOCKS_DIFFER_MS])('a cutoff %d ms ahead of this machine is now on another one', (offsetMs) => {
  expect(() => requirePastCutoff(cutoffAt(offsetMs), NOW, { failure: 'BadData' })).not.toThrow()
})

it('one beyond the difference of two clocks is in the future, and so is one that is no instant', () => {
  expect(() => requirePastCutoff(cutoffAt(CLOCKS_DIFFER_MS + 1), NOW, { failure: 'BadData' })).toThrow('in the future')
  expect(isFuture(Number.NaN, NOW)).toBe(true)
})
