/** The default data: parcels photographed at four docks, with the later review of each photo. The seed is fixed. */
import { DAY_MS } from '../../../contracts/duration.js'
import type { Flag } from '../photos/photo.js'
import { dayNumber, progressOf, WORLD_BEGINS, WORLD_ENDS } from './calendar.js'
import { DOCKS, type Dock } from './docks.js'
import type { Damage } from './draw-damage.js'
import { lookOf, type ParcelLook } from './draw-parcel.js'
import { type Chance, chanceOf } from './named-random.js'

const SEED = 4
const HOUR_MS = 3_600_000

/** Why a photo is unusable; `text` is a file that holds no picture. */
export type Defect = 'dark' | 'blurred' | 'small' | 'black' | 'truncated' | 'text'

/** Everything about one photo but its pixels. */
export interface Scene {
  /** Name of its file: unique. */
  readonly file: string
  readonly shipment: string
  readonly dock: Dock
  readonly takenAt: number
  readonly look: ParcelLook
  /** The parcel's damage that is visible on this photo. */
  readonly damages: readonly Damage[]
  readonly sticker: boolean
  readonly defect: Defect | null
  /** Share of the lamps' usual light. */
  readonly light: number
  readonly damaged: Flag
  readonly usable: Flag
  readonly claim: Flag
  /** When the review was made; null without a review. */
  readonly knownAt: number | null
}

/** Scenes of [from, to) in the order of taking. */
export function scenesBetween(from: number, to: number): Scene[] {
  const scenes: Scene[] = []
  const last = Math.min(to, WORLD_ENDS)
  for (let day = Math.max(dayNumber(from), dayNumber(WORLD_BEGINS)); day * DAY_MS < last; day += 1) {
    scenes.push(...scenesOfDay(day * DAY_MS).filter(({ takenAt }) => takenAt >= from && takenAt < last))
  }
  return scenes
}

function scenesOfDay(day: number): Scene[] {
  const chance = chanceOf(SEED, 'day', day)
  const weekend = [0, 6].includes(new Date(day).getUTCDay())
  const shipments = Math.round((weekend ? 28 : 42) * chance.between(0.9, 1.1))
  return Array.from({ length: shipments }, (_, index) => scenesOfShipment(day, index))
    .flat()
    .sort((a, b) => a.takenAt - b.takenAt || (a.file < b.file ? -1 : 1))
}

function scenesOfShipment(day: number, index: number): Scene[] {
  const shipment = `S${dayNumber(day)}-${String(index).padStart(3, '0')}`
  const chance = chanceOf(SEED, shipment)
  const dock = chance.pick(DOCKS, ({ share }) => share)
  const look = lookOf(chance)
  const damages = chance.hits(0.32) ? Array.from({ length: chance.hits(0.3) ? 2 : 1 }, () => damageOf(chance)) : []
  const arrived = day + chance.between(6, 20) * HOUR_MS
  const photos = chance.pick([1, 2, 3], (count) => [0.4, 0.4, 0.2][count - 1] as number)
  return Array.from({ length: photos }, (_, photo) => {
    const takenAt = Math.round(arrived + photo * chance.between(20_000, 60_000))
    return sceneOf({ shipment, dock, look, damages, takenAt, photo })
  })
}

const damageOf = (chance: Chance): Damage => ({
  kind: chance.pick(['dent', 'tear', 'wet'] as const),
  u: chance.between(-0.75, 0.75),
  v: chance.between(-0.75, 0.75),
  size: chance.between(16, 32),
  angle: chance.between(0, Math.PI),
  strength: chance.between(0.4, 1),
  phase: chance.between(0, 6),
})

type Taken = Pick<Scene, 'shipment' | 'dock' | 'look' | 'damages' | 'takenAt'> & { photo: number }

function sceneOf({ photo, ...taken }: Taken): Scene {
  const { shipment, takenAt, dock } = taken
  const file = `${dock.name}/${shipment}-${photo + 1}.jpg`
  const chance = chanceOf(SEED, 'photo', file)
  // A photo from another side does not show the damage.
  const damages = chance.hits(0.9) ? taken.damages : []
  const damaged: Flag = damages.length > 0 ? 1 : 0
  const failing = dock.name === 'dock-south' ? progressOf('lamps-fail', takenAt) : undefined
  const light = failing === undefined ? 1 : 1 - 0.66 * failing
  const defect = defectOf(dock, takenAt, chance)
  const reviewed = damaged === 1 ? chance.between(10, 60) : chance.between(6, 48)
  return {
    ...taken,
    file,
    damages,
    damaged,
    light,
    defect,
    sticker: damaged === 1 && progressOf('claim-sticker', takenAt) !== undefined,
    dock: dock.name === 'dock-yard' && progressOf('new-camera', takenAt) !== undefined ? { ...dock, zoom: 0.4 } : dock,
    usable: defect === null ? 1 : 0,
    claim: chance.hits(damaged === 1 ? 0.93 : 0.02) ? 1 : 0,
    knownAt: chance.hits(0.02) ? null : Math.round(takenAt + reviewed * HOUR_MS),
  }
}

function defectOf(dock: Dock, takenAt: number, chance: Chance): Defect | null {
  const broken = dock.name === 'dock-east' && progressOf('camera-feed-broken', takenAt) !== undefined
  if (broken && chance.hits(0.5)) return 'black'
  if (chance.hits(0.004)) return chance.pick(['truncated', 'text'] as const)
  return chance.hits(0.07) ? chance.pick(['dark', 'blurred', 'small'] as const) : null
}
