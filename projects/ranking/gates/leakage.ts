/**
 * The gate `no_leakage`. It checks features by name, the time split, and whether one feature alone predicts too well.
 */
import type { GateResult } from '../../../contracts/types.js'
import { featureProblems } from '../../kit/feature-table.js'
import { FEATURES, MAY_BE_USED } from '../features/definitions.js'
import type { RankingModel } from '../model/artifact.js'
import type { RankingThresholds } from '../policy.js'
import { dayOf } from './answers.js'

/** Columns by any name: a leak must be found where the name hides it, too. */
export interface NamedColumns {
  readonly names: readonly string[]
  readonly offsets: Uint32Array
  readonly values: ArrayLike<number>
}

/** @param request `gains`: one a row, 0 without a gain */
export function leakageGate(request: {
  model: Pick<RankingModel, 'trained'>
  matrix: NamedColumns
  gains: readonly number[]
  heldOutFrom: number
  thresholds: Pick<RankingThresholds, 'maxSingleFeatureConcordance'>
}): GateResult {
  const { model, matrix, gains, heldOutFrom } = request
  const threshold = request.thresholds.maxSingleFeatureConcordance
  const best = matrix.names
    .map((name, column) => ({ name, value: concordance(matrix, column, gains) }))
    .reduce((a, b) => (b.value > a.value ? b : a), { name: 'none', value: 0.5 })
  const problems = [
    ...featureProblems(matrix.names, FEATURES, { usable: MAY_BE_USED, lateText: (known) => `only after the ${known}` }),
    ...(model.trained.until > heldOutFrom
      ? [`trained on pages up to ${dayOf(model.trained.until)}, but pages from ${dayOf(heldOutFrom)} are held out`]
      : []),
    ...(best.value > threshold
      ? [
          `${best.name} alone puts ${percent(best.value)} of the gains in order, above ${percent(threshold)}: it probably knows the outcome`,
        ]
      : []),
  ]
  const fine = `no feature known after the query, no time overlap; best single feature ${best.name}, ${percent(best.value)} of the gains in order`
  return {
    name: 'no_leakage',
    passed: problems.length === 0,
    value: best.value,
    threshold,
    detail: problems.length === 0 ? fine : problems.join('; '),
  }
}

/**
 * The share of pairs of one page that the feature alone puts in the order of their gains, in whichever direction it
 * points. Pairs are weighted by the difference in gain, ties count half, and rows where the feature is unknown are left
 * out.
 */
function concordance({ names, offsets, values }: NamedColumns, column: number, gains: readonly number[]): number {
  const width = names.length
  let [right, total] = [0, 0]
  for (let list = 0; list + 1 < offsets.length; list += 1) {
    for (let a = offsets[list] as number; a < (offsets[list + 1] as number); a += 1) {
      for (let b = offsets[list] as number; b < a; b += 1) {
        const difference = (gains[a] as number) - (gains[b] as number)
        const sides = (values[a * width + column] as number) - (values[b * width + column] as number)
        if (difference === 0 || Number.isNaN(sides)) continue
        total += Math.abs(difference)
        if (sides === 0) right += Math.abs(difference) / 2
        else if (sides > 0 === difference > 0) right += Math.abs(difference)
      }
    }
  }
  const share = total === 0 ? 0.5 : right / total
  return Math.max(share, 1 - share)
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`
