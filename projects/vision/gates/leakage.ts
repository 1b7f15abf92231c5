/**
 * The gate `no_leakage`. It checks inputs by name, the split by shipment, and whether one number alone predicts too
 * well.
 */
import type { GateResult } from '../../../contracts/types.js'
import { areaUnderCurve } from '../../kit/area-under-curve.js'
import { featureProblems } from '../../kit/feature-table.js'
import { FEATURE_VERSIONS, INPUTS, type InputName, numbersFor } from '../features.js'
import type { VisionModel } from '../model/artifact.js'
import type { LabelledPhoto } from '../photos/photo.js'
import type { VisionThresholds } from '../policy.js'
import { hashOf } from '../split.js'

export function leakageGate(request: {
  model: Pick<VisionModel, 'trained' | 'featureVersion'>
  photos: readonly LabelledPhoto[]
  shortcuts: readonly ReadonlyMap<string, number>[]
  labels: Uint8Array
  thresholds: Pick<VisionThresholds, 'maxSingleFeatureAuc'>
}): GateResult {
  const { model, photos, shortcuts, labels } = request
  const threshold = request.thresholds.maxSingleFeatureAuc
  const best = bestAlone(withInputs(shortcuts, photos, model), labels)
  const learned = new Set(model.trained.shipments)
  const straddling = new Set(photos.map(({ shipment }) => shipment).filter((name) => learned.has(hashOf(name))))
  const inputs: readonly InputName[] = FEATURE_VERSIONS[model.featureVersion]
  const problems = [
    ...featureProblems(inputs, INPUTS, { usable: ['when the photo is taken'], lateText: (known) => `only ${known}` }),
    ...(straddling.size === 0
      ? []
      : [`${straddling.size} shipments are in training and held out, e.g. ${[...straddling][0]}`]),
    ...(best.auc > threshold
      ? [
          `${best.name} alone has AUC ${best.auc.toFixed(3)}, above ${threshold}: it probably shows the label and not the damage`,
        ]
      : []),
  ]
  const fine = `no input from the review, no shipment on both sides; best single number ${best.name}, AUC ${best.auc.toFixed(3)}`
  const detail = problems.length === 0 ? fine : problems.join('; ')
  return { name: 'no_leakage', passed: problems.length === 0, value: best.auc, threshold, detail }
}

/** Adds the model's further inputs, which are checked like the other numbers. */
function withInputs(
  shortcuts: readonly ReadonlyMap<string, number>[],
  photos: readonly LabelledPhoto[],
  { featureVersion }: Pick<VisionModel, 'featureVersion'>,
): ReadonlyMap<string, number>[] {
  return shortcuts.map((numbers, row) => {
    const inputs = numbersFor(featureVersion, photos[row] as LabelledPhoto)
    return new Map([...numbers, ...inputs.map((value, index): [string, number] => [`input ${index + 1}`, value])])
  })
}

/** By max(AUC, 1 − AUC), in whichever direction a number points. A missing number counts as 0. */
function bestAlone(rows: readonly ReadonlyMap<string, number>[], labels: Uint8Array): { name: string; auc: number } {
  const names = new Set(rows.flatMap((numbers) => [...numbers.keys()]))
  let best = { name: 'none', auc: 0.5 }
  for (const name of names) {
    const auc = areaUnderCurve(
      rows.map((numbers) => numbers.get(name) ?? 0),
      labels,
    )
    if (Math.max(auc, 1 - auc) > best.auc) best = { name, auc: Math.max(auc, 1 - auc) }
  }
  return best
}
