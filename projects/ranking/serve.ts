/** Live scoring, sample inputs and replayed traffic. */
import type { SnapshotManifest } from '../../contracts/types.js'
import type { LoadedRelease, Output, ReplayEvent, Scorer } from '../project.js'
import { impressionOf } from './data/impressions.js'
import { openShop } from './data/open-shop.js'
import { readRows } from './data/page-rows.js'
import { FEATURE_VERSIONS } from './features/definitions.js'
import { rateIn } from './features/feed.js'
import { type Extra, featuresOf } from './features/matrix.js'
import type { Impression } from './listing.js'
import { rankingModelFile } from './model/artifact.js'
import { scoresOf } from './model/ranker.js'

/**
 * Live, the last delivery of the nightly feed is used for every later day. A release that relies on it looks good
 * offline, where the feature is computed from history, and is wrong live. Only a canary can show that.
 */
export async function load(release: Pick<LoadedRelease, 'featureVersion' | 'artifact'>): Promise<Scorer<Impression>> {
  const model = rankingModelFile.decode(release)
  const names = FEATURE_VERSIONS[model.featureVersion]
  return {
    score(impressions) {
      // Live, it is not known which units will be kept.
      const extra: Extra = (name, list, index) =>
        name === 'kept_units' ? Number.NaN : rateIn(model.feed, impressions[list]?.candidates[index]?.id ?? '')
      const matrix = featuresOf(impressions, names, model.vocabulary, extra)
      const scores = scoresOf(model.networks, matrix)
      return impressions.map(({ candidates }, list): Output => {
        const from = matrix.offsets[list] as number
        return Object.fromEntries(candidates.map(({ id }, index) => [id, rounded(scores[from + index] as number)]))
      })
    },
  }
}

/** Rounded, so that the decision log keeps few digits of each candidate. */
const rounded = (score: number): number => Math.round(score * 1e6) / 1e6

const SAMPLE = 20

/** The newest pages of a snapshot. */
export async function sample({ dataFile }: { snapshot: SnapshotManifest; dataFile: string }): Promise<Impression[]> {
  const { pages, listings } = await readRows(dataFile)
  return pages.slice(-SAMPLE).map((page) => impressionOf(page, listings))
}

export async function* replay(request: {
  source?: string
  from: number
  to: number
}): AsyncGenerator<ReplayEvent<Impression>> {
  const shop = await openShop(request.source)
  yield* shop.traffic(request.from, request.to)
}
