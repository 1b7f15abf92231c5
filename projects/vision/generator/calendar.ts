/**
 * Situations of the docks in 2026, each with a name and its days. A cutoff therefore selects what a snapshot shows.
 * Between situations nothing changes.
 */
import { DAY_MS } from '../../../contracts/duration.js'

export const WORLD_BEGINS = Date.parse('2026-01-05T00:00:00Z')
export const WORLD_ENDS = Date.parse('2026-11-02T00:00:00Z')

export type Situation = 'claim-sticker' | 'lamps-fail' | 'camera-feed-broken' | 'new-camera'

interface Period {
  readonly name: Situation
  readonly from: number
  readonly to: number
  readonly about: string
}

const period = (name: Situation, from: string, to: string, about: string): Period => ({
  name,
  from: Date.parse(from),
  to: Date.parse(to),
  about,
})

export const SITUATIONS: readonly Period[] = [
  period(
    'claim-sticker',
    '2026-04-06',
    '2026-05-04',
    'damaged parcels are photographed after the claims desk put its sticker on',
  ),
  period(
    'lamps-fail',
    '2026-05-18',
    '2026-06-15',
    'the lamps of dock-south lose two thirds of their light over four weeks',
  ),
  period(
    'camera-feed-broken',
    '2026-07-06',
    '2026-07-27',
    'the camera of dock-east delivers black pictures half of the time',
  ),
  period(
    'new-camera',
    '2026-08-17',
    '2026-09-14',
    'dock-yard has a wide-angle camera that shows its parcels at under half their size',
  ),
]

/** Progress of a situation at an instant: 0 at its beginning to 1 at its end; undefined outside its days. */
export function progressOf(name: Situation, at: number): number | undefined {
  const found = SITUATIONS.find((situation) => situation.name === name)
  if (!found || at < found.from || at >= found.to) return undefined
  return (at - found.from) / (found.to - found.from)
}

export const dayNumber = (at: number): number => Math.floor(at / DAY_MS)
