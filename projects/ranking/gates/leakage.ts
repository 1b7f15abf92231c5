/** Leakage, by name: what a feature's definition says; and by behaviour: time overlap, and a feature that is too good. */
import type { GateResult } from '../../../contracts/types.js'
import { FEATURES, type FeatureDefinition, MAY_BE_USED } from '../features/definitions.js'
import type { RankingModel } from '../model/artifact.js'
import { dayOf } from './answers.js'

/** Columns by any name: the behaviour must be seen also where a name hides it. */
export interface NamedColumns {
  readonly names: readonly string[]
  readonly offsets: Uint32Array
  readonly values: ArrayLike<number>
}

/** @param gains one a row, 0 where nothing was gained */
export function leakageGate(request: {
  model: Pick<RankingModel, 'trained'>
  matrix: NamedColumns
  gains: readonly number[]
  heldOutFrom: number
  thresholds: Readonly<Record<string, number>>
}): GateResult {
  const { model, matrix, gains, heldOutFrom, thresholds } = request
  const threshold = thresholds.maxSingleFeatureConcordance ?? 0.85
  const best = matrix.names
    .map((name, column) => ({ name, value: concordance(matrix, column, gains) }))
    .reduce((a, b) => (b.value > a.value ? b : a), { name: 'none', value: 0.5 })
  const problems = [
    ...matrix.names.flatMap(problemOfName),
    ...(model.trained.until > heldOutFrom
      ? [`learned from pages up to ${dayOf(model.trained.until)}, held out are those from ${dayOf(heldOutFrom)}`]
      : []),
    ...(best.value > threshold
      ? [
          `${best.name} alone puts ${percent(best.value)} of the gains in order, above ${percent(threshold)}: too good to be known beforehand`,
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

function problemOfName(name: string): string[] {
  const definition = Object.hasOwn(FEATURES, name) ? (FEATURES as Record<string, FeatureDefinition>)[name] : undefined
  if (!definition) return [`${name} is not in the table of features, so nobody knows when it is known`]
  return MAY_BE_USED.includes(definition.known) ? [] : [`${name} is known only after the ${definition.known}`]
}

/**
 * Of the pairs of one page that differ in gain, the share that the feature alone puts in order, each weighted by the difference,
 * ties half; whichever way round the feature points. Rows where it is unknown are left out.
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
