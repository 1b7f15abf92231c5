import { expect, it } from 'vitest'
import { isWaitOver } from '../../contracts/wait-over.js'
import { createRateLimit } from '../../http/access/rate.js'

const HOUR_MS = 3_600_000
const NOW = 1_700_000_000_000

it('a caller keeps its rate when the clock is set back by an hour, and when it returns', () => {
  const rate = createRateLimit(10)
  const taken = (now: number, times: number) =>
    Array.from({ length: times }, () => rate.take('ana', now)).filter((seconds) => seconds === 0).length
  expect(taken(NOW + HOUR_MS, 5)).toBe(5)
  expect(taken(NOW, 15)).toBe(15)
  expect(rate.take('ana', NOW)).toBe(1)
  expect(taken(NOW + 1_000, 20)).toBe(10)
  expect(taken(NOW + HOUR_MS, 25)).toBe(20)
})

it.each([
  [NOW, NOW + 999, false],
  [NOW, NOW + 1_000, true],
  [NOW, NOW - 999, false],
  [NOW + HOUR_MS, NOW, true],
])('a wait of a second that began at %i is over at %i: %s', (since, now, over) => {
  expect(isWaitOver(since, now, 1_000)).toBe(over)
})
