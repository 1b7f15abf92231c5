/** What each release answers to the held-out photos. Each photo is decoded once. */
import type { ActionPolicy } from '../../../contracts/types.js'
import type { LoadedRelease, Output } from '../../project.js'
import { numbersFor } from '../features.js'
import { answerOf } from '../model/answer-photo.js'
import { type VisionModel, visionModelFile } from '../model/artifact.js'
import { type Action, decide, labelOf, loss } from '../model/decide.js'
import { histogramsOf } from '../model/histograms.js'
import { decode, isReadable } from '../photos/decode-photo.js'
import type { LabelledPhoto } from '../photos/photo.js'
import type { Pack, PackedPhoto } from '../photos/photo-pack.js'
import { shortcutsOf } from './shortcuts.js'

/** One release's answers on the held-out photos, in their order. */
export interface Answers {
  readonly model: VisionModel
  readonly policy: ActionPolicy
  readonly outputs: readonly Output[]
  readonly actions: readonly Action[]
  readonly losses: readonly number[]
}

export interface HeldOut {
  readonly photos: readonly LabelledPhoto[]
  /** 1 is damaged. */
  readonly labels: Uint8Array
  /** Simple numbers of each photo that must not predict its label: see shortcuts.ts. */
  readonly shortcuts: readonly ReadonlyMap<string, number>[]
  /** Gradient histograms of each photo; null where it cannot be read. */
  readonly histograms: readonly (Float32Array | null)[]
  readonly candidate: Answers
  readonly production: Answers
}

export async function answerHeldOut(
  pack: Pack,
  photos: readonly LabelledPhoto[],
  releases: { candidate: LoadedRelease; production: LoadedRelease },
): Promise<HeldOut> {
  const [candidate, production] = [opened(releases.candidate), opened(releases.production)]
  const shortcuts: ReadonlyMap<string, number>[] = []
  const histograms: (Float32Array | null)[] = []
  for (const row of photos) {
    const decoded = await decode(await pack.bytesOf(row as LabelledPhoto & PackedPhoto))
    candidate.answer(row, decoded)
    production.answer(row, decoded)
    const pixels = isReadable(decoded) ? decoded.pixels : null
    shortcuts.push(shortcutsOf(row, pixels))
    histograms.push(pixels && histogramsOf(pixels))
  }
  const labels = Uint8Array.from(photos, ({ review }) => review.damaged)
  return { photos, labels, shortcuts, histograms, candidate: candidate.answers, production: production.answers }
}

/** Offline, inputs come from the snapshot. Whether they would have been known live is checked by the leakage gate. */
function opened(release: LoadedRelease) {
  const model = visionModelFile.decode(release)
  const policy = release.actionPolicy
  const answer = answerOf(model)
  const answers = { model, policy, outputs: [] as Output[], actions: [] as Action[], losses: [] as number[] }
  return {
    answers,
    answer(row: LabelledPhoto, photo: Parameters<typeof answer>[0]): void {
      const output = answer(photo, numbersFor(model.featureVersion, row))
      const action = decide(output, policy)
      answers.outputs.push(output)
      answers.actions.push(action)
      answers.losses.push(loss({ action, label: labelOf(row.review) }, policy))
    },
  }
}
