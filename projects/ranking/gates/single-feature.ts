/**
 * The gate `beats_best_feature`: a learned order that is worse than one of its own features is not worth its risk. The
 * feature is chosen on the pages that the model learned from, so that the comparison on the held-out pages is fair.
 */
import type { GateResult } from '../../../contracts/types.js'
import { pairedInterval } from '../../kit/critical-slice.js'
import { mean } from '../../kit/mean.js'
import type { Page } from '../data/page.js'
import { FEATURE_VERSIONS } from '../features/definitions.js'
import type { Matrix } from '../features/matrix.js'
import { ndcgsOf } from '../model/slate.js'
import { teaching } from '../model/targets.js'
import { extraOf, matrixOf } from '../page-features.js'
import type { Answers, HeldOut } from './answers.js'

/** The newest ones: enough to tell features apart. */
const MOST_PAGES = 1_500

/** Without the features that a live decision cannot have. */
const NAMES = FEATURE_VERSIONS.ranking_features_v1

export function singleFeatureGate(candidate: Answers, heldOut: HeldOut): GateResult {
  const { vocabulary, trained, networks } = candidate.model
  const features = (pages: readonly Page[]) =>
    matrixOf(pages, heldOut.rows, NAMES, vocabulary, extraOf(pages, heldOut.feeds))
  const learned = heldOut.rows.pages
    .filter(({ at, order }) => at < trained.until && order !== 'popular')
    .flatMap((page) => teaching(page) ?? [])
    .slice(-MOST_PAGES)
  const own = mean(candidate.ndcgs)
  const name = 'beats_best_feature'
  if (networks === null || learned.length === 0) {
    const detail = 'the order is that of one feature, so there is nothing to compare'
    return { name, passed: true, value: own, threshold: null, detail }
  }
  const best = bestFeature(features(learned), learned)
  const matrix = features(heldOut.scored)
  const theirs = ndcgsOf(columnOf(matrix, best), matrix.offsets, heldOut.scored)
  const threshold = mean(theirs)
  const { low, high } = pairedInterval(candidate.ndcgs.map((value, page) => value - (theirs[page] as number)))
  const difference = `${(own - threshold).toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`
  const detail = `NDCG@10 ${own.toFixed(3)} against ${threshold.toFixed(3)} of ${NAMES[best]} alone, a difference of ${difference}`
  return { name, passed: own >= threshold, value: own, threshold, detail }
}

/** The column whose order has the highest NDCG@10 on these pages. */
export function bestFeature(matrix: Matrix, pages: readonly Page[]): number {
  const means = matrix.names.map((_, column) => mean(ndcgsOf(columnOf(matrix, column), matrix.offsets, pages)))
  return means.indexOf(Math.max(...means))
}

/** One value a row; unknown ones are the lowest. */
export const columnOf = ({ names, values }: Matrix, column: number): Float64Array =>
  Float64Array.from({ length: values.length / names.length }, (_, row) => {
    const value = values[row * names.length + column] as number
    return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value
  })
