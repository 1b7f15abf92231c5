/**
 * Demand: order lines of Online Retail II, forecast for the 28 days from 2011-11-11 out of what was known by then, as
 * of one evening, by a model trained only on days before. Parameters and features were chosen on the four windows of 28
 * days before (docs/decisions/047-forecast-quality.md), never on the days measured here.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DAY_MS } from '../../contracts/duration.js'
import {
  dayNumber,
  type History,
  historyUntil,
  plannedOpen,
  type Series,
} from '../../projects/forecast/counts/history.js'
import { openDemand } from '../../projects/forecast/counts/open-demand.js'
import { type DemandInput, inputAt } from '../../projects/forecast/features/demand-input.js'
import { project } from '../../projects/forecast/index.js'
import type { Scorer } from '../../projects/project.js'
import { measureStores } from './forecast-stores.js'
import type { MeasureQuality, Yardstick } from './yardstick.js'

const FROM = dayNumber('2011-11-11')
const DAYS = 28
const CODES = 50
const SEED = 20_260
/** What the data's own description measured on the same split. */
const NAIVE = { lag28: 0.569, lag364: 0.545, weekday: 0.43 }

export const measure: MeasureQuality = async function* ({ testData }) {
  const source = join(testData, 'forecast', 'online_retail.csv.gz')
  const began = performance.now()
  const { history } = await openDemand(source, FROM)
  // The yardstick's codes sell on the most days, the measured ones included; so the same is said of codes chosen
  // before.
  const codes = busiest(history, FROM + DAYS)
  const naive = (what: string, forecast: Forecast, others: number): Yardstick => ({
    project: 'forecast',
    what: `28 days from 2011-11-11, top 50 codes: WAPE of ${what}`,
    measured: wape(history, codes, forecast),
    others: `${others} in the data's description`,
  })
  yield naive('the count 28 days before', ({ counts }, index) => counts[index - 28] ?? 0, NAIVE.lag28)
  yield naive('the count 364 days before', ({ counts }, index) => counts[index - 364] ?? 0, NAIVE.lag364)
  yield naive('the weekday mean of 8 weeks', weekdayMean(history), NAIVE.weekday)
  const scorer = await trained(source)
  const figure = async (what: string, series: readonly Series[], wanted: Yardstick['wanted']): Promise<Yardstick> => ({
    project: 'forecast',
    what: `28 days from 2011-11-11, ${what}: WAPE of ${series.length * DAYS} forecasts`,
    measured: wape(history, series, await forecasts(history, series, scorer)),
    ...(wanted ? { wanted, others: `weekday mean ${NAIVE.weekday}` } : {}),
    seconds: (performance.now() - began) / 1_000,
  })
  yield await figure('top 50 codes', codes, { atMost: 0.43 })
  const before = busiest(history, FROM)
  yield await figure('top 50 codes chosen before', before, undefined)
  yield {
    ...naive('the weekday mean, codes chosen before', weekdayMean(history), NAIVE.weekday),
    measured: wape(history, before, weekdayMean(history)),
  }
  yield* measureStores()
}

/** @param index of the day, from the history's first */
type Forecast = (series: Series, index: number) => number

function busiest({ first, series }: History, until: number): Series[] {
  const days = ({ counts }: Series) =>
    counts.subarray(0, until - first).reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0)
  const ranked = series.map((one) => ({ one, days: days(one) }))
  ranked.sort((a, b) => b.days - a.days || (a.one.code < b.one.code ? -1 : 1))
  return ranked.slice(0, CODES).map(({ one }) => one)
}

/** Of the eight weeks before the first day measured. */
const weekdayMean =
  ({ first }: History): Forecast =>
  ({ counts }, index) => {
    const inFirstWeek = FROM - first + ((index - (FROM - first)) % 7)
    const weeks = Array.from({ length: 8 }, (_, week) => counts[inFirstWeek - 7 * (week + 1)] ?? 0)
    return weeks.reduce((sum, count) => sum + count, 0) / weeks.length
  }

/** Missed lines over all lines. */
function wape({ first }: History, series: readonly Series[], forecast: Forecast): number {
  let missed = 0
  let lines = 0
  for (const one of series) {
    for (let index = FROM - first; index < FROM - first + DAYS; index += 1) {
      missed += Math.abs((one.counts[index] as number) - forecast(one, index))
      lines += one.counts[index] as number
    }
  }
  return missed / lines
}

/**
 * Imported, trained and loaded as a release is, at a cutoff at midnight before the first day; nothing is kept from
 * learning.
 */
async function trained(source: string): Promise<Scorer<DemandInput>> {
  const outFolder = await mkdtemp(join(tmpdir(), 'slipway-quality-'))
  try {
    const draft = await project.importSnapshot({ source, cutoff: FROM * DAY_MS, outFolder })
    const data = `sha256:${'0'.repeat(64)}`
    const snapshot = { ...draft.manifest, schema: 'slipway.snapshot/1' as const, project: 'forecast', data }
    const parameters = { heldOutDays: 0, aheadFrom: 1, aheadTo: DAYS }
    const folders = { outFolder, checkpointFolder: join(outFolder, 'checkpoint') }
    const result = await project.train(
      { snapshot, dataFile: draft.dataFile, ...folders, seed: SEED, parameters },
      () => {},
    )
    const artifact = await readFile(result.artifactFile)
    return await project.load({ featureVersion: result.featureVersion, artifact })
  } finally {
    await rm(outFolder, { recursive: true, force: true })
  }
}

/**
 * Inputs are made from a history that ends the evening before, so that they cannot hold any later count. The plan of
 * promotions is known weeks ahead, and stays.
 */
export async function forecasts(
  history: History,
  series: readonly Series[],
  scorer: Scorer<DemandInput>,
  from = FROM,
): Promise<Forecast> {
  const known = historyUntil(history, from)
  const origin = known.days - 1
  const byCode = new Map(known.series.map((one) => [one.code, one]))
  const medians = new Map<string, number>()
  for (const { code, promoted } of series) {
    const own = byCode.get(code)
    const planned = own && { ...own, promoted }
    const targets = Array.from({ length: DAYS }, (_, day) => origin + 1 + day)
    const inputs = planned ? targets.map((target) => inputAt(known, planned, target, target - origin)) : []
    const outputs = await scorer.score(inputs)
    targets.forEach((target, row) => {
      medians.set(`${code} ${target}`, plannedOpen(known, target, origin) ? (outputs[row]?.q50 ?? 0) : 0)
    })
  }
  return ({ code }, index) => medians.get(`${code} ${index}`) ?? 0
}
