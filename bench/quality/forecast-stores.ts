/**
 * What closings, school holidays and types of stores are worth to forecast, on generated stores: no real set with them
 * may be used here. Counts are the product's generator; on top of them stores of two types sell more or less in school
 * holidays, and each store is closed for some weeks. Three files say less or more of that, with the same counts.
 * Nothing of the project was chosen by these figures.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DAY_MS } from '../../contracts/duration.js'
import { dayNumber, dayText } from '../../projects/forecast/counts/history.js'
import type { DemandInput } from '../../projects/forecast/features/demand-input.js'
import { generate } from '../../projects/forecast/generator/generate-demand.js'
import { uniform } from '../../projects/forecast/generator/hashed-random.js'
import { describeWorld } from '../../projects/forecast/generator/world-file.js'
import { project } from '../../projects/forecast/index.js'
import type { ReplayEvent, Scorer } from '../../projects/project.js'
import type { Yardstick } from './yardstick.js'

const SEED = 20_260
const STORES = 120
const FIRST = dayNumber('2022-06-01')
const CUTOFF = dayNumber('2024-07-01')
/** Five weeks of term and of summer holidays. */
const DAYS = 35
const UNTIL = CUTOFF + DAYS + 14
const HOLIDAYS = [
  ['07-13', '08-25'],
  ['10-12', '10-27'],
  ['12-21', '12-31'],
  ['01-01', '01-06'],
  ['02-10', '02-18'],
  ['04-01', '04-14'],
] as const
/** How many times as much is sold in school holidays. */
const FACTOR = { city: 0.6, village: 1.6 } as const

const isHoliday = (day: number): boolean =>
  HOLIDAYS.some(([from, to]) => dayText(day).slice(5) >= from && dayText(day).slice(5) <= to)
const typeOf = (store: number): keyof typeof FACTOR => (uniform(SEED, store, 1) < 0.5 ? 'city' : 'village')
/** One block of one to four weeks in each sixteen. */
function isClosed(store: number, day: number): boolean {
  const block = Math.floor(day / 112)
  const from = Math.floor(uniform(SEED, store, block, 2) * 84)
  return day % 112 >= from && day % 112 < from + 7 + Math.floor(uniform(SEED, store, block, 3) * 22)
}

const SAYS = {
  'closings as zeros, no holidays and types': () => [],
  'with closings': (store: number, day: number) => [isClosed(store, day) ? 1 : 0],
  'with closings, holidays and types': (store: number, day: number) => [
    isClosed(store, day) ? 1 : 0,
    isHoliday(day) ? 1 : 0,
    typeOf(store),
  ],
} as const
const COLUMNS = ['closed', 'school_holiday', 'store_type']

function* rowsOf(says: (store: number, day: number) => readonly (string | number)[]): Generator<string> {
  const { history } = generate(describeWorld({ series: STORES, seed: SEED }))
  yield ['date,series,count,promoted', ...COLUMNS.slice(0, says(0, FIRST).length)].join()
  for (const [store, { code, counts, promoted, onSale }] of history.series.entries()) {
    for (let day = Math.max(FIRST, history.first + onSale); day < UNTIL; day += 1) {
      const index = day - history.first
      const factor = isHoliday(day) ? FACTOR[typeOf(store)] : 1
      const sold = Math.floor((counts[index] as number) * factor + uniform(SEED, store, day, 4))
      const count = isClosed(store, day) || history.open[index] === 0 ? 0 : sold
      yield [dayText(day), code, count, promoted[index], ...says(store, day)].join()
    }
  }
}

export async function* measureStores(): AsyncGenerator<Yardstick> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-quality-'))
  const found: number[] = []
  try {
    // Asked about are the days on which a store is open, in all three cases.
    let asked: ReadonlySet<string> | undefined
    for (const [what, says] of Object.entries(SAYS).reverse()) {
      const began = performance.now()
      const source = join(folder, `${found.length}.csv`)
      await writeFile(source, [...rowsOf(says)].join('\n'))
      const scorer = await trained(source, await mkdtemp(join(folder, 'out-')))
      const events = await eventsOf(source)
      asked ??= new Set(events.map(({ id }) => id))
      const own = events.filter(({ id }) => asked?.has(id))
      const measured = await wape(scorer, own)
      const closed = found[1] ?? 0
      found.push(measured)
      yield {
        project: 'forecast',
        what: `generated stores, ${DAYS} evenings from 2024-07-01, ${what}: WAPE of ${own.length} forecasts`,
        measured,
        ...(found.length < 3 ? {} : { others: `${found[0]?.toFixed(4)} with all, ${closed.toFixed(4)} with closings` }),
        seconds: (performance.now() - began) / 1_000,
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  const [all = Number.NaN, , none = Number.NaN] = found
  yield {
    project: 'forecast',
    what: 'generated stores: WAPE with closings, holidays and types over WAPE without',
    measured: all / none,
    wanted: { atMost: 1 },
  }
}

async function trained(source: string, outFolder: string): Promise<Scorer<DemandInput>> {
  const draft = await project.importSnapshot({ source, cutoff: CUTOFF * DAY_MS, outFolder })
  const data = `sha256:${'0'.repeat(64)}`
  const snapshot = { ...draft.manifest, schema: 'slipway.snapshot/1' as const, project: 'forecast', data }
  const folders = { outFolder, checkpointFolder: join(outFolder, 'checkpoint') }
  const parameters = { heldOutDays: 0 }
  const request = { snapshot, dataFile: draft.dataFile, ...folders, seed: SEED, parameters }
  const { artifactFile, featureVersion } = await project.train(request, () => {})
  return project.load({ featureVersion, artifact: await readFile(artifactFile) })
}

async function eventsOf(source: string): Promise<ReplayEvent<DemandInput>[]> {
  const events: ReplayEvent<DemandInput>[] = []
  const range = { from: CUTOFF * DAY_MS, to: (CUTOFF + DAYS) * DAY_MS }
  for await (const event of project.replay({ source, ...range })) events.push(event)
  return events
}

/** Missed lines over all lines, of the medians of live forecasts. */
async function wape(scorer: Scorer<DemandInput>, events: readonly ReplayEvent<DemandInput>[]): Promise<number> {
  const outputs = await scorer.score(events.map(({ input }) => input))
  let [missed, lines] = [0, 0]
  events.forEach(({ label }, row) => {
    missed += Math.abs((outputs[row]?.q50 ?? 0) - Number(label))
    lines += Number(label)
  })
  return missed / lines
}
