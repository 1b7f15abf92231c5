/**
 * The gate `no_leakage`. It checks features by name, the time split, and whether one feature alone predicts too well.
 */
import type { GateResult } from '../../../contracts/types.js'
import { areaUnderCurve } from '../../kit/area-under-curve.js'
import { featureProblems } from '../../kit/feature-table.js'
import { FEATURES, MAY_BE_USED } from '../features/definitions.js'
import type { EtaModel } from '../model/artifact.js'
import type { EtaThresholds } from '../policy.js'

/** Columns by any name: a leak must be found where the name hides it, too. */
export interface NamedColumns {
  readonly names: readonly string[]
  readonly rows: number
  /** Row-major, rows × names; NaN where unknown. */
  readonly values: Float64Array
}

export function leakageGate(request: {
  model: Pick<EtaModel, 'trained'>
  matrix: NamedColumns
  labels: Uint8Array
  heldOutFrom: number
  thresholds: Pick<EtaThresholds, 'maxSingleFeatureAuc'>
}): GateResult {
  const { model, matrix, labels, heldOutFrom } = request
  const threshold = request.thresholds.maxSingleFeatureAuc
  const best = bestSingleFeature(matrix, labels)
  const problems = [
    ...featureProblems(matrix.names, FEATURES, { usable: MAY_BE_USED, lateText: (known) => `only at ${known}` }),
    ...(model.trained.until > heldOutFrom
      ? [`trained on days up to ${iso(model.trained.until)}, but days from ${iso(heldOutFrom)} are held out`]
      : []),
    ...(best.auc > threshold
      ? [`${best.name} alone has AUC ${best.auc.toFixed(3)}, above ${threshold}: it probably knows the outcome`]
      : []),
  ]
  const fine = `no feature known after departure, no time overlap; best single feature ${best.name}, AUC ${best.auc.toFixed(3)}`
  return {
    name: 'no_leakage',
    passed: problems.length === 0,
    value: best.auc,
    threshold,
    detail: problems.length === 0 ? fine : problems.join('; '),
  }
}

/** By max(AUC, 1 − AUC), in whichever direction a feature points. Rows where the feature is unknown are left out. */
function bestSingleFeature({ names, rows, values }: NamedColumns, labels: Uint8Array): { name: string; auc: number } {
  const aucs = names.map((name, column) => {
    const known = Array.from({ length: rows }, (_, row) => row).filter(
      (row) => !Number.isNaN(values[row * names.length + column]),
    )
    const auc = areaUnderCurve(
      known.map((row) => values[row * names.length + column] as number),
      known.map((row) => labels[row] as number),
    )
    return { name, auc: Math.max(auc, 1 - auc) }
  })
  return aucs.reduce((best, one) => (one.auc > best.auc ? one : best), { name: 'none', auc: 0.5 })
}

const iso = (instant: number): string => new Date(instant).toISOString().slice(0, 10)
