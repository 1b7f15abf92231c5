/** The source slices: what one dock's lamps or camera hide, the mean of all docks would hide too. */
import type { EvaluationReport, GateResult } from '../../../contracts/types.js'
import type { Answers, HeldOut } from './answers.js'

type Thresholds = Readonly<Record<string, number>>

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

/** Damage that could be seen, and how much of it went to a reviewer. A needless retake is no catch: nobody has looked yet. */
export function recallOf(
  { actions }: Pick<Answers, 'actions'>,
  { photos }: Pick<HeldOut, 'photos'>,
  rows: readonly number[],
): { damaged: number; caught: number } {
  const damaged = rows.filter((row) => photos[row]?.review.damaged === 1 && photos[row]?.review.usable === 1)
  return { damaged: damaged.length, caught: damaged.filter((row) => actions[row] === 'review').length }
}

export function worstSourceGate(heldOut: HeldOut, thresholds: Thresholds): GateResult {
  const threshold = thresholds.minWorstRecall ?? 0.6
  const fewest = thresholds.minSliceDamaged ?? 8
  const slices = bySource(heldOut).map(([name, rows]) => ({ name, ...recallOf(heldOut.candidate, heldOut, rows) }))
  const telling = slices.filter(({ damaged }) => damaged >= fewest)
  const worst = telling.reduce<(typeof telling)[number] | undefined>(
    (low, one) => (!low || one.caught / one.damaged < low.caught / low.damaged ? one : low),
    undefined,
  )
  const name = 'critical_slice_pass'
  if (!worst) {
    const detail = `no source has ${fewest} damaged photos held out, so nothing is known of any`
    return { name, passed: false, value: null, threshold, detail }
  }
  const value = worst.caught / worst.damaged
  const silent = slices.length - telling.length
  const others = silent === 0 ? '' : `; ${silent} with fewer than ${fewest} say nothing`
  const detail = `worst of ${telling.length} sources: ${worst.name}, ${worst.caught} of ${worst.damaged} damaged photos reviewed${others}`
  return { name, passed: value >= threshold, value, threshold, detail }
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
