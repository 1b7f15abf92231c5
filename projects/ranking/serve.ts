/** A loaded model as the platform asks it, samples to try it on, and the days after a cutoff as traffic. */
import type { SnapshotManifest } from '../../contracts/types.js'
import type { LoadedRelease, Output, ReplayEvent, Scorer } from '../project.js'
import { impressionOf } from './data/impressions.js'
import { openShop } from './data/open-shop.js'
import { readRows } from './data/rows.js'
import { FEATURE_VERSIONS } from './features/definitions.js'
import { rateIn } from './features/feed.js'
import { type Extra, featuresOf } from './features/matrix.js'
import type { Impression } from './listing.js'
import { decodeModel } from './model/artifact.js'
import { scoresOf } from './model/ranker.js'

/**
 * What the nightly feed delivered last stands for every day that follows. A release that leans on it looks good offline, where
 * the feature is computed from history, and goes wrong live, which only a canary can show.
 */
export async function load(release: Pick<LoadedRelease, 'featureVersion' | 'artifact'>): Promise<Scorer<Impression>> {
  const model = decodeModel(release)
  const names = FEATURE_VERSIONS[model.featureVersion] ?? []
  return {
    score(impressions) {
      // Nobody knows live what will be kept.
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

/** What the log keeps of each candidate stays short. */
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
