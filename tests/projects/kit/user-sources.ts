/** A small valid source of each importer, to be spoilt in one place. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { project as eta } from '../../../projects/eta/index.js'
import { project as forecast } from '../../../projects/forecast/index.js'
import { project as ranking } from '../../../projects/ranking/index.js'
import { at, csvOf, DAYS, flightsOf } from '../eta/flight-files.js'
import { HEADER, midnight, tidyLines } from '../forecast/demand-files.js'
import { CUTOFF, goodScenes, importFolder, lineOf, writePhotos } from '../vision/parcel-folders.js'

const folders: string[] = []
export async function fresh(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-sources-'))
  folders.push(folder)
  return folder
}
/** For `afterAll` of a test file: this module is loaded once for all of them. */
export function removeSources(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
}
export const write = async (name: string, content: string | Uint8Array): Promise<string> => {
  const file = join(await fresh(), name)
  writeFileSync(file, content)
  return file
}

export const flightsCsv = csvOf(flightsOf())
export const importFlights = async (content: string | Uint8Array, name = 'flights.csv') =>
  eta.importSnapshot({ source: await write(name, content), cutoff: at(DAYS), outFolder: await fresh() })

/** The cutoff of `tidyLines` and of daily counts of this many days. */
const DEMAND_DAYS = 140
export const ordersCsv = [HEADER, ...tidyLines(DEMAND_DAYS)].join('\n')
export const importDemand = async (content: string | Uint8Array, name = 'demand.csv') =>
  forecast.importSnapshot({
    source: await write(name, content),
    cutoff: midnight('2024-05-20'),
    outFolder: await fresh(),
  })

export const productsJson = Array.from({ length: 90 }, (_, index) =>
  JSON.stringify({ asin: `P${index}`, title: `Product ${index}`, price: 1 + index, rating: 4, rating_count: 3 }),
).join('\n')
export const judgementsJson = (rating: unknown = '100') =>
  JSON.stringify({
    judgmentRatings: Array.from({ length: 90 }, (_, index) => ({
      query: `query ${index}`,
      ratings: [
        { docId: `P${index}`, rating },
        { docId: `P${(index + 1) % 90}`, rating: 0 },
      ],
    })),
  })
export async function importShop(products: string | Uint8Array, judgements: string | Uint8Array = judgementsJson()) {
  const source = await fresh()
  writeFileSync(join(source, 'products.jsonl'), products)
  writeFileSync(join(source, 'judgements.json'), judgements)
  return importShopFolder(source)
}
export const importShopFolder = async (source: string) =>
  ranking.importSnapshot({ source, cutoff: Date.parse('2025-03-10T00:00:00Z'), outFolder: await fresh() })

const scenes = goodScenes(70)
export const labels = scenes.map(lineOf)
export const LABEL_COLUMNS = ['file', 'shipment', 'source', 'taken_at', 'damaged', 'reviewed_at'] as const
export const labelsCsv = (lines: readonly (typeof labels)[number][] = labels, separator = ','): string =>
  [LABEL_COLUMNS, ...lines.map((line) => LABEL_COLUMNS.map((column) => line[column] ?? ''))]
    .map((cells) => cells.join(separator))
    .join('\n')
export const photoFolder = async (): Promise<string> => {
  const path = await fresh()
  await writePhotos(path, scenes)
  return path
}
export async function importPhotos(path: string, content: string | Uint8Array, cutoff = CUTOFF) {
  writeFileSync(join(path, 'labels.csv'), content)
  return importFolder(path, cutoff)
}
