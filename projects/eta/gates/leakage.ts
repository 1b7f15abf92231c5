/** Leakage, by name: what a feature's definition says; and by behaviour: time overlap, and a feature that is too good. */
import type { GateResult } from '../../../contracts/types.js'
import { areaUnderCurve } from '../../kit/area-under-curve.js'
import { FEATURES, type FeatureDefinition, MAY_BE_USED } from '../features/definitions.js'
import type { EtaModel } from '../model/artifact.js'

/** Columns by any name: the behaviour must be seen also where a name hides it. */
export interface NamedColumns {
  readonly names: readonly string[]
  readonly rows: number
  readonly values: Float64Array
}

export function leakageGate(request: {
  model: Pick<EtaModel, 'trained'>
  matrix: NamedColumns
  labels: Uint8Array
  heldOutFrom: number
  thresholds: Readonly<Record<string, number>>
}): GateResult {
  const { model, matrix, labels, heldOutFrom, thresholds } = request
  const threshold = thresholds.maxSingleFeatureAuc ?? 0.8
  const best = bestSingleFeature(matrix, labels)
  const problems = [
    ...matrix.names.flatMap(problemOfName),
    ...(model.trained.until > heldOutFrom
      ? [`learned from days up to ${iso(model.trained.until)}, held out are those from ${iso(heldOutFrom)}`]
      : []),
    ...(best.auc > threshold
      ? [`${best.name} alone has AUC ${best.auc.toFixed(3)}, above ${threshold}: too good to be known beforehand`]
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

function problemOfName(name: string): string[] {
  const definition = Object.hasOwn(FEATURES, name) ? (FEATURES as Record<string, FeatureDefinition>)[name] : undefined
  if (!definition) return [`${name} is not in the table of features, so nobody knows when it is known`]
  return MAY_BE_USED.includes(definition.known) ? [] : [`${name} is known only at ${definition.known}`]
}

/** Whichever way round a feature points: max(AUC, 1 − AUC). Rows where it is unknown are left out. */
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
