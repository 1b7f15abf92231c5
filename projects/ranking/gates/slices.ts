/** Slices are queries by how much they say: short ones are about popularity, long ones about reading. */
import type { EvaluationReport, GateResult } from '../../../contracts/types.js'
import type { Page } from '../data/page.js'
import { type Answers, mean } from './answers.js'

const SLICES: readonly { name: string; fewest: number; most: number }[] = [
  { name: 'queries of 1 or 2 words', fewest: 1, most: 2 },
  { name: 'queries of 3 words', fewest: 3, most: 3 },
  { name: 'queries of 4 words and more', fewest: 4, most: Number.POSITIVE_INFINITY },
]

export interface Slice {
  readonly name: string
  /** Indexes of the telling pages. */
  readonly pages: readonly number[]
}

export function slicesOf(telling: readonly Page[]): Slice[] {
  const lengths = telling.map(({ query }) => query.split(/\s+/).length)
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

/** NDCG@10 against production in each slice with enough queries; the worst slice decides. */
export function sliceGate(
  slices: readonly Slice[],
  both: Both,
  thresholds: Readonly<Record<string, number>>,
): GateResult {
  const fewest = thresholds.minSliceQueries ?? 8
  const threshold = -(thresholds.maxSliceDrop ?? 0.03)
  const measured = slices
    .filter(({ pages }) => pages.length >= fewest)
    .map(({ name, pages }) => {
      const own = mean(at(both.candidate.ndcgs, pages))
      const theirs = mean(at(both.production.ndcgs, pages))
      return { difference: own - theirs, text: `${name} ${own.toFixed(3)} against ${theirs.toFixed(3)}` }
    })
  const value = measured.length === 0 ? null : Math.min(...measured.map(({ difference }) => difference))
  const detail = `NDCG@10 against production, at most ${-threshold} lower: ${measured.map(({ text }) => text).join(', ')}`
  return {
    name: 'ndcg_by_slice',
    passed: value !== null && value >= threshold,
    value,
    threshold,
    detail: value === null ? `no slice has ${fewest} queries, so that none was compared` : detail,
  }
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
