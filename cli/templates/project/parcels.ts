/** The data: here generated from a seed with a known truth. Replace this file by one that reads yours. */
import { readFile, writeFile } from 'node:fs/promises'
import { DAY_MS, seededRandom, z } from 'slipway/kit'

/** The facts known when the decision is made. Nothing else may reach the model. */
export const parcelInput = z.strictObject({
  /** Of dispatch, 0 to 23. */
  hour: z.int().min(0).max(23),
  km: z.number().min(0).max(20_000),
  carrier: z.enum(['north', 'south', 'express']),
})

export type ParcelInput = z.infer<typeof parcelInput>

export interface Parcel {
  readonly id: string
  /** Dispatch, epoch ms. */
  readonly at: number
  readonly input: ParcelInput
  readonly late: 0 | 1
  /** When the label became known, epoch ms. */
  readonly knownAt: number
}

const SEED = 7
const PER_DAY = 400

/** The parcels of whole days in [from, to), in order. The same days always have the same parcels. */
export function* parcelsBetween(from: number, to: number): Generator<Parcel> {
  for (let day = Math.ceil(from / DAY_MS); (day + 1) * DAY_MS <= to; day += 1) {
    const random = seededRandom(SEED * 1_000_003 + day)
    for (let index = 0; index < PER_DAY; index += 1) yield parcelOf(day, index, random)
  }
}

function parcelOf(day: number, index: number, random: () => number): Parcel {
  const hour = Math.floor((index * 24) / PER_DAY)
  const km = Math.round(20 + 900 * random() ** 2)
  const carrier = (['north', 'south', 'express'] as const)[Math.floor(random() * 3)] ?? 'north'
  // The known truth, in log-odds: evenings, distance and the southern carrier make parcels late.
  const logOdds = -2.6 + (hour >= 17 ? 1.4 : 0) + km / 500 + { north: 0, south: 1.2, express: -0.6 }[carrier]
  const late = random() < 1 / (1 + Math.exp(-logOdds)) ? 1 : 0
  const at = day * DAY_MS + Math.floor((index * DAY_MS) / PER_DAY)
  return { id: `${day}-${index}`, at, input: { hour, km, carrier }, late, knownAt: at + (late === 1 ? 2 : 1) * DAY_MS }
}

export const writeParcels = (file: string, parcels: readonly Parcel[]): Promise<void> =>
  writeFile(file, JSON.stringify(parcels))

export const readParcels = async (file: string): Promise<Parcel[]> => JSON.parse(await readFile(file, 'utf8'))
