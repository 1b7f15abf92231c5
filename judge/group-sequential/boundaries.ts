/**
 * Boundaries of a group-sequential plan, by recursive integration over the paths that earlier analyses left undecided
 * (Armitage, McPherson and Rowe 1969). Boundaries are symmetric and densities even, so only the positive half is kept.
 */
import { normalDensity, normalQuantile, normalTail } from '../normal.js'
import { quadrature } from './quadrature.js'

export interface Analysis {
  /** Variance of the score, in any unit: only ratios between analyses matter. Strictly increasing. */
  readonly clock: number
  /** Its boundary in standard errors. */
  readonly boundary: number
}

/** The density of paths that crossed no boundary up to this analysis, on a grid fine enough for the step to `next`. */
interface Undecided extends Analysis {
  readonly next: number
  /** On (0, edge). */
  readonly scores: Float64Array
  /** Their density times the quadrature's weight. */
  readonly mass: Float64Array
}

/**
 * @param past analyses so far, oldest first
 * @param spend two-sided error for this analysis alone, above 1e-14
 * @returns the number of standard errors at which the analysis at `clock` decides
 */
export function nextBoundary(past: readonly Analysis[], clock: number, spend: number): number {
  const last = undecidedAfter(past, clock)
  return last ? solve(last, clock, spend) : normalQuantile(spend / 2)
}

/** A cache: the next look of the same run continues from it. It saves time and changes no result. */
let cache: Undecided[] = []

function undecidedAfter(past: readonly Analysis[], clock: number): Undecided | undefined {
  const nextOf = (index: number) => past[index + 1]?.clock ?? clock
  const differs = past.findIndex((analysis, index) => {
    const kept = cache[index]
    return kept?.clock !== analysis.clock || kept.boundary !== analysis.boundary || kept.next !== nextOf(index)
  })
  const usable = cache.slice(0, differs === -1 ? past.length : differs)
  for (let index = usable.length; index < past.length; index += 1) {
    usable.push(propagate(past[index] as Analysis, usable[index - 1], nextOf(index)))
  }
  cache = usable
  return usable.at(-1)
}

function propagate({ clock, boundary }: Analysis, before: Undecided | undefined, next: number): Undecided {
  const edge = boundary * Math.sqrt(clock)
  // Nodes are at most 0.6 standard deviations of the next step apart: the quadrature of the kernel is accurate to
  // 1e-11.
  const size = 12 + Math.ceil((2.7 * edge) / Math.sqrt(next - clock))
  const { nodes, weights } = quadrature(size)
  const scores = nodes.map((node) => node * edge)
  const spread = Math.sqrt(clock - (before?.clock ?? 0))
  const mass = scores.map((score, index) => {
    const density = before ? densityAt(before, score, spread) : normalDensity(score / spread)
    return ((weights[index] as number) * edge * density) / spread
  })
  return { clock, boundary, next, scores, mass }
}

function densityAt({ scores, mass }: Undecided, score: number, spread: number): number {
  let density = 0
  for (let j = 0; j < scores.length; j += 1) {
    const from = scores[j] as number
    density += (mass[j] as number) * (normalDensity((score - from) / spread) + normalDensity((score + from) / spread))
  }
  return density
}

/** Tail probabilities beyond this are below 1e-18. */
const NEGLIGIBLE_Z = 9

/** So many standard deviations of a step beyond the last edge a tail is small and still a number. */
const REACHED_SPREADS = 7

/** The boundary that `spend` of the undecided paths cross at `clock`, on both sides together. */
function solve(before: Undecided, clock: number, spend: number): number {
  const scale = Math.sqrt(clock)
  const spread = Math.sqrt(clock - before.clock)
  // Newton's method on the logarithm of a log-concave tail: once right of the root, it stays there.
  let boundary = normalQuantile(spend / 2)
  // After a small step of the clock no path can be that far: its tail is 0 there, which has no logarithm.
  if (crossing(before, boundary * scale, spread).tail === 0) {
    boundary = (before.boundary * Math.sqrt(before.clock) + REACHED_SPREADS * spread) / scale
  }
  for (let round = 0; round < 60; round += 1) {
    const { tail, slope } = crossing(before, boundary * scale, spread)
    const step = (Math.log(tail / spend) * tail) / ((slope * scale) / spread)
    boundary += step
    if (Math.abs(step) < 1e-12) break
  }
  return boundary
}

/** Probability that an undecided path ends beyond ±edge, and its decrease per spread of the edge. */
function crossing({ scores, mass }: Undecided, edge: number, spread: number): { tail: number; slope: number } {
  let tail = 0
  let slope = 0
  for (let j = 0; j < scores.length; j += 1) {
    const score = scores[j] as number
    const both = 2 * (mass[j] as number)
    for (const z of [(edge - score) / spread, (edge + score) / spread]) {
      if (z >= NEGLIGIBLE_Z) continue
      tail += both * normalTail(z)
      slope += both * normalDensity(z)
    }
  }
  return { tail, slope }
}
