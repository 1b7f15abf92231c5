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

function addResiduals(rows: Rows, { effect, balanced, coverage }: State, arms: readonly [ArmSums, ArmSums]): void {
  const [zero, one] = arms
  const own = [new Map<number, number>(), new Map<number, number>()] as const
  const labelled = zero.labelled + one.labelled
  const exposed = zero.exposed + one.exposed
  const even = one.labelled <= 4 * zero.labelled && zero.labelled <= 4 * one.labelled
  for (let row = 0; row < rows.count; row += 1) {
    const arm = rows.canary[row] as 0 | 1
    const [mine, other, sign] = [arms[arm], arms[arm === 1 ? 0 : 1], arm === 1 ? 1 : -1]
    const [entity, loss] = [rows.entity[row] as number, rows.loss[row] as number]
    const known = !Number.isNaN(loss)
    if (other.exposed > 0)
      coverage.add(entity, (sign * other.exposed * (Number(known) - mine.labelled / mine.exposed)) / exposed)
    if (!known) continue
    const residual = loss - mine.lossSum / mine.labelled
    if (entity < 0) mine.clusterSquares += residual * residual
    else own[arm].set(entity, (own[arm].get(entity) ?? 0) + residual)
    if (other.labelled === 0) continue
    effect.add(entity, (sign * other.labelled * residual) / labelled)
    if (even) balanced.add(entity, (sign * other.labelled * residual) / labelled)
  }
  own.forEach((sums, arm) => {
    for (const sum of sums.values()) (arms[arm as 0 | 1] as ArmSums).clusterSquares += sum * sum
  })
}
