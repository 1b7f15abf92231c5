/** Live forecasts, sample inputs and replayed traffic. A live forecast uses the input and the release, nothing else. */
import { DAY_MS } from '../../contracts/duration.js'
import { SlipwayError } from '../../contracts/failure.js'
import type { SnapshotManifest } from '../../contracts/types.js'
import type { LoadedRelease, ReplayEvent, Scorer } from '../project.js'
import { readRows } from './counts/demand-rows.js'
import { eligibleAt } from './counts/eligible.js'
import { dayText, plannedOpen } from './counts/history.js'
import { keptDemand } from './counts/open-demand.js'
import { type DemandInput, inputAt } from './features/demand-input.js'
import { HORIZON_DAYS, POSTED_MS, postedAt } from './features/horizon.js'
import { featuresOf } from './features/matrix.js'
import { forecastModelFile, namesOf } from './model/artifact.js'
import { outputsOf, quantilesOf } from './model/predict.js'

/**
 * Live, the last delivery of the nightly feed is used for every later day. A release that relies on it looks good
 * offline, where the feature is computed from history, and is wrong live. Only a canary can show that.
 */
export async function load(release: Pick<LoadedRelease, 'featureVersion' | 'artifact'>): Promise<Scorer<DemandInput>> {
  const model = forecastModelFile.decode(release)
  const { from, to } = model.horizon
  return {
    score(inputs) {
      const far = inputs.find(({ ahead }) => ahead < from || ahead > to)
      if (far) {
        const made = from === to ? `${from}` : `${from} to ${to}`
        throw new SlipwayError(
          'BadRequest',
          `ahead is ${far.ahead} for ${far.series}; this release forecasts ${made} days ahead`,
        )
      }
      const matrix = featuresOf(inputs, inputs.length, namesOf(model), () => model.feed ?? Number.NaN, model.storeTypes)
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
 * The forecasts made each evening in [from, to) for the day one horizon ahead, if the shop plans to be open. A series
 * that is marked as closed on that day is not asked about: closings are planned, and no outcome could judge the
 * forecast. Each forecast is its own entity. With the series as entity, the same few hundred would return every day,
 * and their decisions are not independent (docs/decisions/046-forecasts-are-split-by-series-and-day.md).
 */
export async function* replay(request: {
  source?: string
  from: number
  to: number
}): AsyncGenerator<ReplayEvent<DemandInput>> {
  const { history } = await keptDemand(request.source)
  const first = Math.ceil((request.from - POSTED_MS) / DAY_MS)
  for (let day = first; postedAt(day) < request.to; day += 1) {
    const origin = day - history.first
    const target = origin + HORIZON_DAYS
    if (origin < 0 || target >= history.days || !plannedOpen(history, target, origin)) continue
    const { series } = eligibleAt(history, origin)
    const keyOf = ({ code }: { code: string }) => `${dayText(day + HORIZON_DAYS)}_${code}`
    const open = series.filter(({ closed }) => closed?.[target] !== 1)
    yield* open.map((one) => ({
      id: keyOf(one),
      entityKey: keyOf(one),
      at: postedAt(day),
      input: inputAt(history, one, target, HORIZON_DAYS),
      // Zero also when the shop was closed on that day after all.
      label: one.counts[target] as number,
      knownAt: postedAt(day + HORIZON_DAYS),
    }))
  }
}
