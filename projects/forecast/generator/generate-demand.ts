/** Draws the counts of a world: Poisson around the truth with extra spread, and zeros on days without demand. */
import { createHash } from 'node:crypto'
import { canonicalJson } from '../../../contracts/canonical.js'
import type { History, Series } from '../counts/history.js'
import { normal, poisson, uniform } from './hashed-random.js'
import { type Calendar, calendarOf, DAYS, expectedLines, FIRST_DAY, isPromoted, truthOf } from './series-truth.js'
import type { World } from './world-file.js'

/** Deviation of the logarithm of a day's random factor. It makes counts vary more than Poisson counts. */
const SPREAD = 0.18

export interface Generated {
  readonly history: History
  /** Digest of the world's description. The same description gives the same counts. */
  readonly sha256: string
  readonly bytes: number
}

export function generate(world: World): Generated {
  const calendar = calendarOf(world)
  const series = Array.from({ length: world.series }, (_, index) => drawSeries(world, index, calendar))
  const text = canonicalJson(world)
  return {
    history: {
      first: FIRST_DAY,
      days: DAYS,
      open: calendar.open,
      series,
      ...(world.situation === 'stalled_counts' ? { loadedUntil: world.from - FIRST_DAY - 1 } : {}),
    },
    sha256: `sha256:${createHash('sha256').update(text).digest('hex')}`,
    bytes: Buffer.byteLength(text),
  }
}

function drawSeries(world: World, index: number, calendar: Calendar): Series {
  const { seed } = world
  const truth = truthOf(world, index)
  const onSale = truth.onSale - FIRST_DAY
  const counts = Int32Array.from(expectedLines(world, truth, calendar), (mean, at) => {
    if (mean === 0 || uniform(seed, index, at, 50) > truth.active) return 0
    const luck = Math.exp(SPREAD * normal(seed, index, at, 51) - SPREAD ** 2 / 2)
    return poisson(mean * luck, uniform(seed, index, at, 52), seed, index, at, 53)
  })
  const promoted = Uint8Array.from({ length: DAYS }, (_, at) =>
    at >= onSale && isPromoted(world, truth, FIRST_DAY + at) ? 1 : 0,
  )
  return { code: truth.code, onSale, counts, promoted }
}
