/** Slices: queries by length. Short queries depend on popularity, long ones on matching words. */
import type { EvaluationReport, GateResult, OfflinePolicy } from '../../../contracts/types.js'
import { withSliceLimits } from '../../kit/critical-slice.js'
import { mean } from '../../kit/mean.js'
import type { ProjectSegments } from '../../project.js'
import type { Page } from '../data/page.js'
import type { Impression } from '../listing.js'
import type { RankingThresholds } from '../policy.js'
import type { Answers } from './answers.js'

const SLICES: readonly { name: string; fewest: number; most: number }[] = [
  { name: 'queries of 1 or 2 words', fewest: 1, most: 2 },
  { name: 'queries of 3 words', fewest: 3, most: 3 },
  { name: 'queries of 4 words and more', fewest: 4, most: Number.POSITIVE_INFINITY },
]

const wordsOf = (query: string): number => query.split(/\s+/).length

/** The same slices of live traffic. */
export const segments: ProjectSegments<Impression> = {
  names: SLICES.map(({ name }) => name),
  of({ query }) {
    const words = wordsOf(query)
    return SLICES.filter(({ fewest, most }) => words >= fewest && words <= most).map(({ name }) => name)
  },
}

export interface Slice {
  readonly name: string
  /** Indexes of the scored pages. */
  readonly pages: readonly number[]
}

export function slicesOf(scored: readonly Page[]): Slice[] {
  const lengths = scored.map(({ query }) => wordsOf(query))
  return SLICES.map(({ name, fewest, most }) => ({
    name,
    pages: [...lengths.keys()].filter((page) => {
      const length = lengths[page] as number
      return length >= fewest && length <= most
    }),
  }))
}

interface Both {
  readonly candidate: Answers
  readonly production: Answers
}

const at = (values: readonly number[], pages: readonly number[]): number[] =>
  pages.map((page) => values[page] as number)

/** The gate `ndcg_by_slice`: NDCG@10 against production in each slice with enough queries. The worst slice decides. */
export function sliceGate(
  slices: readonly Slice[],
  both: Both,
  thresholds: Pick<RankingThresholds, 'minSliceQueries' | 'maxSliceDrop'>,
  offline?: OfflinePolicy,
): GateResult {
  const fewest = thresholds.minSliceQueries
  const threshold = -thresholds.maxSliceDrop
  const measured = slices
    .filter(({ pages }) => pages.length >= fewest)
    .map(({ name, pages }) => {
      const own = mean(at(both.candidate.ndcgs, pages))
      const theirs = mean(at(both.production.ndcgs, pages))
      return { pages, own, difference: own - theirs, text: `${name} ${own.toFixed(3)} against ${theirs.toFixed(3)}` }
    })
  const value = measured.length === 0 ? null : Math.min(...measured.map(({ difference }) => difference))
  const detail = `NDCG@10 against production, at most ${-threshold} lower: ${measured.map(({ text }) => text).join(', ')}`
  const gate = {
    name: 'ndcg_by_slice',
    passed: value !== null && value >= threshold,
    value,
    threshold,
    detail: value === null ? `no slice has ${fewest} queries, so that none was compared` : detail,
  }
  const worst = measured.reduce<(typeof measured)[number] | undefined>(
    (low, one) => (!low || one.own < low.own ? one : low),
    undefined,
  )
  const of = (answers: Answers) => at(answers.ndcgs, worst?.pages ?? [])
  const quality = { what: 'NDCG@10 of the worst slice', candidate: of(both.candidate), production: of(both.production) }
  return withSliceLimits(gate, worst && quality, offline)
}

export function sliceRows(slices: readonly Slice[], both: Both): EvaluationReport['slices'] {
  const measure = ({ ndcgs, losses }: Answers, pages: readonly number[]) => ({
    ndcg10: mean(at(ndcgs, pages)),
    loss: mean(at(losses, pages)),
  })
  return slices
    .filter(({ pages }) => pages.length > 0)
    .map(({ name, pages }) => ({
      name,
      rows: pages.length,
      candidate: measure(both.candidate, pages),
      production: measure(both.production, pages),
    }))
}
