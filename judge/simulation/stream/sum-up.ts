/** Sums of one day's decisions, and what it adds to the sums by entity. */
import { type ArmSums, type ClusterSums, noSums, SquaredSums, type StreamDay } from './sums.js'

/** The decisions of a day. */
export interface Rows {
  readonly count: number
  readonly entity: Int32Array
  readonly canary: Uint8Array
  /** NaN without a label. */
  readonly loss: Float64Array
  /** Index of the world's segment; −1 for none. */
  readonly segment?: Int8Array
}

/** The decisions of one segment. */
export function rowsOf(rows: Rows, segment: number): Rows {
  const kept = Array.from({ length: rows.count }, (_, row) => row).filter((row) => rows.segment?.[row] === segment)
  return {
    count: kept.length,
    entity: Int32Array.from(kept, (row) => rows.entity[row] as number),
    canary: Uint8Array.from(kept, (row) => rows.canary[row] as number),
    loss: Float64Array.from(kept, (row) => rows.loss[row] as number),
  }
}

export interface At {
  readonly weight: number
  readonly day: number
}

export interface State {
  readonly effect: SquaredSums
  readonly balanced: SquaredSums
  readonly coverage: SquaredSums
  /** Last day on which an entity was seen; −1 for none. */
  readonly lastDay: Int32Array
}

/** @param size number of entities; 0 if none returns */
export const stateFor = (size: number): State => ({
  effect: new SquaredSums(size),
  balanced: new SquaredSums(size),
  coverage: new SquaredSums(size),
  lastDay: new Int32Array(size).fill(-1),
})

/** The sums of a day, as a registry counts them. */
export function sumUp(rows: Rows, state: State, { weight, day }: At): StreamDay {
  const arms: [ArmSums, ArmSums] = [noSums(), noSums()]
  for (let row = 0; row < rows.count; row += 1) {
    const sums = arms[rows.canary[row] as 0 | 1]
    const [entity, loss] = [rows.entity[row] as number, rows.loss[row] as number]
    sums.exposed += 1
    const last = entity < 0 ? -1 : (state.lastDay[entity] as number)
    if (last !== day || entity < 0) sums.entities += 1
    if (last < 0) sums.newEntities += 1
    if (entity >= 0) state.lastDay[entity] = day
    if (Number.isNaN(loss)) continue
    sums.labelled += 1
    sums.lossSum += loss
    sums.lossSumSquares += loss * loss
  }
  addResiduals(rows, state, arms)
  const [production, canary] = arms
  const { effect, balanced, coverage } = state
  const clusters: ClusterSums = { effect: effect.total, balanced: balanced.total, coverage: coverage.total }
  return { weight, canary, production, clusters }
}

function addResiduals(rows: Rows, state: State, arms: readonly [ArmSums, ArmSums]): void {
  const own = [new Map<number, Own>(), new Map<number, Own>()] as const
  // One object for all: there may be a thousand a day.
  const alone = { exposed: 1, labelled: 0, lossSum: 0 }
  for (let row = 0; row < rows.count; row += 1) {
    const arm = rows.canary[row] as 0 | 1
    const [entity, loss] = [rows.entity[row] as number, rows.loss[row] as number]
    const known = !Number.isNaN(loss)
    if (entity < 0) {
      // A decision of no entity is an entity of its own.
      alone.labelled = known ? 1 : 0
      alone.lossSum = known ? loss : 0
      addResidual(entity, arm, alone, state, arms)
      continue
    }
    const sums = own[arm].get(entity) ?? { exposed: 0, labelled: 0, lossSum: 0 }
    if (sums.exposed === 0) own[arm].set(entity, sums)
    sums.exposed += 1
    if (known) sums.labelled += 1
    if (known) sums.lossSum += loss
  }
  for (const arm of [0, 1] as const) for (const [entity, sums] of own[arm]) addResidual(entity, arm, sums, state, arms)
}

type Own = Pick<ArmSums, 'exposed' | 'labelled' | 'lossSum'>

/** What the decisions of one entity in one arm add. */
function addResidual(
  entity: number,
  arm: 0 | 1,
  sums: Own,
  { effect, balanced, coverage }: State,
  arms: readonly [ArmSums, ArmSums],
): void {
  const [mine, other, sign] = [arms[arm], arms[arm === 1 ? 0 : 1], arm === 1 ? 1 : -1]
  if (other.exposed > 0) {
    const value = residualWithout(shareOf(sums), shareOf(mine), shareOf(other))
    coverage.add(entity, (sign * other.exposed * value) / (mine.exposed + other.exposed))
  }
  if (sums.labelled === 0) return
  mine.clusterSquares += residual(lossOf(sums), lossOf(mine)) ** 2
  if (other.labelled === 0) return
  const value = residualWithout(lossOf(sums), lossOf(mine), lossOf(other))
  const weighted = (sign * other.labelled * value) / (mine.labelled + other.labelled)
  effect.add(entity, weighted)
  if (mine.labelled <= 4 * other.labelled && other.labelled <= 4 * mine.labelled) balanced.add(entity, weighted)
}

interface Values {
  readonly n: number
  readonly sum: number
}

const lossOf = ({ labelled, lossSum }: Own): Values => ({ n: labelled, sum: lossSum })
const shareOf = ({ exposed, labelled }: Own): Values => ({ n: exposed, sum: labelled })

const residual = (own: Values, all: Values): number => own.sum - (own.n * all.sum) / all.n

/** As if the entity had no part in the mean: one with most of the decisions is the mean (docs/decisions/303). */
function residualWithout(own: Values, all: Values, other: Values): number {
  if (own.n === 1) return residual(own, all)
  return own.n < all.n ? (residual(own, all) * (all.n - 1)) / (all.n - own.n) : residual(own, other)
}
