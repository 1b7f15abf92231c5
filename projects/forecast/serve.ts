/** Forecasting as it happens live: what an input holds, and what the release carried with it. */

import { DAY_MS } from '../../contracts/duration.js'
import { SlipwayError } from '../../contracts/failure.js'
import type { SnapshotManifest } from '../../contracts/types.js'
import type { LoadedRelease, ReplayEvent, Scorer } from '../project.js'
import { eligibleAt } from './counts/eligible.js'
import { dayText, plannedOpen } from './counts/history.js'
import { readRows } from './counts/rows.js'
import { keptSource } from './counts/source.js'
import { HORIZON_DAYS, POSTED_MS, postedAt } from './features/horizon.js'
import { type DemandInput, inputAt } from './features/input.js'
import { featuresOf } from './features/matrix.js'
import { decodeModel, namesOf } from './model/artifact.js'
import { outputsOf, quantilesOf } from './model/predict.js'

/**
 * What the nightly feed delivered last stands for every day that follows. A release that leans on it looks good offline, where
 * the feature is computed from history, and goes wrong live, which only a canary can show.
 */
export async function load(release: Pick<LoadedRelease, 'featureVersion' | 'artifact'>): Promise<Scorer<DemandInput>> {
  const model = decodeModel(release)
  const { from, to } = model.horizon
  return {
    score(inputs) {
      const far = inputs.find(({ ahead }) => ahead < from || ahead > to)
      if (far) {
        const made = from === to ? `${from}` : `${from} to ${to}`
        throw new SlipwayError(
          'BadRequest',
          `ahead is ${far.ahead} for ${far.series}; this release was made for ${made} days`,
        )
      }
      const matrix = featuresOf(inputs, inputs.length, namesOf(model), () => model.feed ?? Number.NaN)
      return outputsOf(quantilesOf(model, matrix), matrix)
    },
  }
}

const SAMPLE = 50

/** Forecasts made on the last evening of a snapshot. */
export async function sample({ dataFile }: { snapshot: SnapshotManifest; dataFile: string }): Promise<DemandInput[]> {
  const history = await readRows(dataFile)
  return history.series.slice(0, SAMPLE).map((series) => inputAt(history, series, history.days - 1, HORIZON_DAYS))
}

/**
 * The forecasts made each evening in [from, to), of the day that lies the horizon ahead, where the shop plans to be open. The
 * key is the forecast's own: with the series as the key the same few hundred would come back every day, and the judge takes
 * decisions for independent (docs/decisions/046-forecasts-are-split-by-series-and-day.md).
 */
export async function* replay(request: {
  source?: string
  from: number
  to: number
}): AsyncGenerator<ReplayEvent<DemandInput>> {
  const { history } = await keptSource(request.source)
  const first = Math.ceil((request.from - POSTED_MS) / DAY_MS)
  for (let day = first; postedAt(day) < request.to; day += 1) {
    const origin = day - history.first
    const target = origin + HORIZON_DAYS
    if (origin < 0 || target >= history.days || !plannedOpen(history, target, origin)) continue
    const { series } = eligibleAt(history, origin)
    const keyOf = ({ code }: { code: string }) => `${dayText(day + HORIZON_DAYS)}_${code}`
    yield* series.map((one) => ({
      id: keyOf(one),
      entityKey: keyOf(one),
      at: postedAt(day),
      input: inputAt(history, one, target, HORIZON_DAYS),
      // Zero also where the day turned out closed.
      label: one.counts[target] as number,
      knownAt: postedAt(day + HORIZON_DAYS),
    }))
  }
}
