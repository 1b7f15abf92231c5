/** Slices by source. The mean of all docks would hide a problem with the lamps or the camera of one dock. */
import type { EvaluationReport, GateResult, OfflinePolicy } from '../../../contracts/types.js'
import { withSliceLimits } from '../../kit/critical-slice.js'
import type { ProjectSegments } from '../../project.js'
import { DOCKS } from '../generator/docks.js'
import type { PhotoInput } from '../photos/photo.js'
import type { VisionThresholds } from '../policy.js'
import type { Answers, HeldOut } from './answers.js'

const NAMES = DOCKS.map(({ name }) => name)

/** The docks of the default data. For other sources a policy states segments of its own, by the field `source`. */
export const segments: ProjectSegments<PhotoInput> = {
  names: NAMES,
  of: ({ source }) => NAMES.filter((name) => name === source),
}

/** Rows of the held-out photos by source, the sources in order of name. */
export function bySource({ photos }: Pick<HeldOut, 'photos'>): [string, number[]][] {
  const slices = new Map<string, number[]>()
  photos.forEach(({ source }, row) => {
    const rows = slices.get(source)
    if (rows) rows.push(row)
    else slices.set(source, [row])
  })
  return [...slices].sort(([a], [b]) => (a < b ? -1 : 1))
}

/** Visible damage, and how much of it was reviewed. A retake does not count as found: no review has happened yet. */
export function recallOf(
  { actions }: Pick<Answers, 'actions'>,
  { photos }: Pick<HeldOut, 'photos'>,
  rows: readonly number[],
): { damaged: number; caught: number } {
  const damaged = rows.filter((row) => isDamaged(photos[row]))
  return { damaged: damaged.length, caught: damaged.filter((row) => actions[row] === 'review').length }
}

const isDamaged = (photo: HeldOut['photos'][number] | undefined): boolean =>
  photo?.review.damaged === 1 && photo.review.usable === 1

const damagedRows = ({ photos }: Pick<HeldOut, 'photos'>): number[] =>
  [...photos.keys()].filter((row) => isDamaged(photos[row]))

/** The gate `critical_slice_pass`: recall of the worst source. Sources with little damage are not measured. */
export function worstSourceGate(
  heldOut: HeldOut,
  { minWorstRecall: threshold, minSliceDamaged: fewest }: Pick<VisionThresholds, 'minWorstRecall' | 'minSliceDamaged'>,
  offline?: OfflinePolicy,
): GateResult {
  const slices = bySource(heldOut).map(([name, rows]) => ({ name, ...recallOf(heldOut.candidate, heldOut, rows) }))
  const measured = slices.filter(({ damaged }) => damaged >= fewest)
  const worst = measured.reduce<(typeof measured)[number] | undefined>(
    (low, one) => (!low || one.caught / one.damaged < low.caught / low.damaged ? one : low),
    undefined,
  )
  const name = 'critical_slice_pass'
  if (!worst) {
    const detail = `no source has ${fewest} damaged photos held out, so recall by source cannot be measured`
    return { name, passed: false, value: null, threshold, detail }
  }
  const value = worst.caught / worst.damaged
  const small = slices.length - measured.length
  const others = small === 0 ? '' : `; ${small} with fewer than ${fewest} not measured`
  const detail = `worst of ${measured.length} sources: ${worst.name}, ${worst.caught} of ${worst.damaged} damaged photos reviewed${others}`
  const found = (answers: Answers) => damagedRows(heldOut).map((row) => (answers.actions[row] === 'review' ? 1 : 0))
  const [candidate, production] = [found(heldOut.candidate), found(heldOut.production)]
  const gate = { name, passed: value >= threshold, value, threshold, detail }
  return withSliceLimits(gate, { what: 'recall of all sources', candidate, production }, offline)
}

export function sourceSlices(heldOut: HeldOut): EvaluationReport['slices'] {
  return bySource(heldOut).map(([name, rows]) => {
    const of = (answers: Answers) => {
      const { damaged, caught } = recallOf(answers, heldOut, rows)
      const share = (action: string) => rows.filter((row) => answers.actions[row] === action).length / rows.length
      return {
        ...(damaged === 0 ? {} : { recall: caught / damaged }),
        cost: rows.reduce((sum, row) => sum + (answers.losses[row] as number), 0) / rows.length,
        retakeShare: share('retake'),
        reviewShare: share('review'),
      }
    }
    return { name, rows: rows.length, candidate: of(heldOut.candidate), production: of(heldOut.production) }
  })
}
