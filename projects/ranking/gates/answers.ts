/** What each release does with the held-out pages. */
import { DAY_MS } from '../../../contracts/duration.js'
import type { LoadedRelease } from '../../project.js'
import { impressionOf } from '../data/impressions.js'
import type { Page, Rows } from '../data/page.js'
import { FEATURE_VERSIONS } from '../features/definitions.js'
import { type Feed, feedsByDay } from '../features/feed.js'
import type { Matrix } from '../features/matrix.js'
import type { Impression } from '../listing.js'
import { type RankingModel, rankingModelFile } from '../model/artifact.js'
import { scoresOf } from '../model/ranker.js'
import { decide, loss, ndcgsOf } from '../model/slate.js'
import { teaching } from '../model/targets.js'
import { extraOf, matrixOf } from '../page-features.js'

export interface HeldOut {
  readonly rows: Rows
  readonly feeds: ReadonlyMap<number, Feed>
  /** All pages of the held-out time. */
  readonly pages: readonly Page[]
  /**
   * The pages that NDCG and loss are measured on: judged, or shown in random order. On a page in production's order,
   * the first listings were seen most, which would favour production. They have only items with a known gain that may
   * be shown.
   */
  readonly scored: readonly Page[]
}

export interface Answers {
  readonly model: RankingModel
  /** Features of the scored pages; the fields below are of the same pages. */
  readonly matrix: Matrix
  readonly scores: Float64Array
  /** NDCG@10 of the order by score. */
  readonly ndcgs: readonly number[]
  /** Loss of the slate, in the project's loss unit. */
  readonly losses: readonly number[]
}

export function holdOut(rows: Rows, { from, to }: { from: number; to: number }): HeldOut {
  const pages = rows.pages.filter(({ at }) => at >= from && at < to)
  const scored = pages
    .filter(({ order }) => order !== 'popular')
    .map((page) => teaching({ ...page, items: page.items.filter(({ blocked }) => !blocked) }))
    .filter((page) => page !== undefined)
  return { rows, feeds: feedsByDay(rows.pages), pages, scored }
}

export function answer(release: LoadedRelease, heldOut: HeldOut): Answers {
  const model = rankingModelFile.decode(release)
  const { scored, rows } = heldOut
  const { matrix, scores } = score(model, heldOut, scored)
  const lossOf = (page: Page, list: number) => {
    const label = Object.fromEntries(page.items.map(({ listing, gain }) => [listing, gain ?? 0]))
    const impression = impressionOf(page, rows.listings)
    const output = outputOf(impression, scores, matrix.offsets[list] as number)
    return loss({ action: decide(output, release.actionPolicy, impression), label }, release.actionPolicy)
  }
  return {
    model,
    matrix,
    scores,
    ndcgs: ndcgsOf(scores, matrix.offsets, scored),
    losses: scored.map(lossOf),
  }
}

/** Offline, each feature is as fresh as the data allow. How fresh a live feed would have been is not known here. */
export function score(model: RankingModel, { rows, feeds }: HeldOut, pages: readonly Page[]) {
  const names = FEATURE_VERSIONS[model.featureVersion]
  const matrix = matrixOf(pages, rows, names, model.vocabulary, extraOf(pages, feeds))
  return { matrix, scores: scoresOf(model.networks, matrix) }
}

export const outputOf = ({ candidates }: Impression, scores: ArrayLike<number>, from: number): Record<string, number> =>
  Object.fromEntries(candidates.map(({ id }, index) => [id, scores[from + index] as number]))

export const dayOf = (instant: number): string =>
  new Date(Math.floor(instant / DAY_MS) * DAY_MS).toISOString().slice(0, 10)
