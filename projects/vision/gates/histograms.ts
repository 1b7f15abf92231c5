/**
 * The gate `beats_histograms`: a network that finds damage no better than a classical method in seconds is not worth
 * its risk.
 */
import type { GateResult } from '../../../contracts/types.js'
import { areaUnderCurve } from '../../kit/area-under-curve.js'
import { histogramsOf } from '../model/histograms.js'
import { fitLogistic, logOddsBy } from '../model/logistic.js'
import { decode, isReadable } from '../photos/decode-photo.js'
import type { LabelledPhoto } from '../photos/photo.js'
import type { Pack, PackedPhoto } from '../photos/photo-pack.js'
import type { HeldOut } from './answers.js'

/** Evenly spread over the photos to learn from: decoding all would take longer than it tells. */
const MOST_PHOTOS = 500

/** @param learn photos of other shipments than the held-out ones */
export async function histogramGate(
  pack: Pack,
  learn: readonly LabelledPhoto[],
  { photos, labels, histograms, candidate }: HeldOut,
): Promise<GateResult> {
  const name = 'beats_histograms'
  const usable = [...photos.keys()].filter((row) => photos[row]?.review.usable === 1 && histograms[row])
  const auc = (scoreOf: (row: number) => number) =>
    areaUnderCurve(
      usable.map(scoreOf),
      usable.map((row) => labels[row] as number),
    )
  const own = auc((row) => candidate.outputs[row]?.probability ?? 0)
  const known = learn.filter(({ review }) => review.usable === 1)
  const step = Math.max(1, Math.ceil(known.length / MOST_PHOTOS))
  const rows: { numbers: Float32Array; label: number }[] = []
  for (const photo of known.filter((_, index) => index % step === 0)) {
    const decoded = await decode(await pack.bytesOf(photo as LabelledPhoto & PackedPhoto))
    if (isReadable(decoded)) rows.push({ numbers: histogramsOf(decoded.pixels), label: photo.review.damaged })
  }
  const kinds = new Set(rows.map(({ label }) => label))
  if (candidate.model.network === null || kinds.size < 2) {
    const detail = 'the release has no network, or nothing to learn from is known, so there is nothing to compare'
    return { name, passed: true, value: own, threshold: null, detail }
  }
  const logOdds = logOddsBy(
    fitLogistic(
      rows.map(({ numbers }) => numbers),
      rows.map(({ label }) => label),
    ),
  )
  const threshold = auc((row) => logOdds(histograms[row] as Float32Array))
  const detail = `AUC ${own.toFixed(3)} against ${threshold.toFixed(3)} of gradient histograms with a logistic regression, learned from ${rows.length} photos`
  return { name, passed: own >= threshold, value: own, threshold, detail }
}
