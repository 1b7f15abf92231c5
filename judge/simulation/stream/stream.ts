/** A simulated stream of decisions, day by day, with the sums by entity that a registry would count. */
import { binomial, type Random } from '../random.js'
import { lossDrawer, normal } from './draw-loss.js'
import { type Population, population } from './entities.js'
import { type At, type Rows, rowsOf, stateFor, sumUp } from './sum-up.js'
import type { ArmSums, ClusterSums, StreamDay } from './sums.js'
import type { World } from './world.js'

export interface Stream {
  /** @param weight the canary's share of the next day in basis points */
  next(weight: number): StreamDay
}

export function createStream(world: World, random: Random): Stream {
  const effects = dayEffects(world, random)
  if (isPlain(world)) return plainStream(world, effects, random)
  const people = population(world, random)
  const state = stateFor(people.size)
  const parts = world.segments?.map(({ name }) => ({ name, state: stateFor(people.size) }))
  let day = -1
  return {
    next(weight) {
      day += 1
      const rows = drawRows(world, people, effects(), { weight, day }, random)
      const all = sumUp(rows, state, { weight, day })
      if (!parts) return all
      const segments = parts.map(({ name, state: own }, index) => ({
        name,
        ...sumUp(rowsOf(rows, index), own, { weight, day }),
      }))
      return { ...all, segments }
    },
  }
}

/** The daily effect beside the constant one: autoregressive, with the given standard deviation on every day. */
function dayEffects({ days }: World, random: Random): () => number {
  if (!days) return () => 0
  const { sd, correlation = 0 } = days
  let current = normal(random)
  return () => {
    const effect = sd * current
    current = correlation * current + Math.sqrt(1 - correlation * correlation) * normal(random)
    return effect
  }
}

function drawRows(world: World, people: Population, dayEffect: number, at: At, random: Random): Rows {
  const { traffic: count, cost, coverage, clip = Number.POSITIVE_INFINITY } = world
  const draw = lossDrawer(world.loss ?? { kind: 'binary' }, random)
  const rate = world.rate(at.day)
  const rates = [rate, Math.max(0, rate * (1 + world.effect) + dayEffect)] as const
  const rows = {
    count,
    entity: new Int32Array(count),
    canary: new Uint8Array(count),
    loss: new Float64Array(count),
    segment: new Int8Array(count),
  }
  for (let row = 0; row < count; row += 1) {
    const entity = people.draw()
    const arm = people.inCanary(entity, at.weight) ? 1 : 0
    const segment = people.segment(entity)
    const more = arm === 1 ? 1 + (world.segments?.[segment]?.effect ?? 0) : 1
    const loss = Math.min(clip, draw(rates[arm] * more * people.risk(entity)) * cost)
    const covered = coverage ? ((loss > 0 ? coverage.costly : undefined) ?? coverage[arm ? 'canary' : 'production']) : 1
    rows.entity[row] = entity
    rows.segment[row] = segment
    rows.canary[row] = arm
    rows.loss[row] = covered < 1 && random() >= covered ? Number.NaN : loss
  }
  return rows
}

const isPlain = ({ loss, entities, coverage, segments }: World): boolean =>
  segments === undefined &&
  (loss === undefined || loss.kind === 'binary') &&
  entities === undefined &&
  coverage === undefined

/** Binary losses with all labels and without returning entities: two numbers a day and arm are drawn. */
function plainStream(world: World, effects: () => number, random: Random): Stream {
  const clusters: ClusterSums = { effect: 0, balanced: 0, coverage: 0 }
  let day = -1
  return {
    next(weight) {
      day += 1
      const { traffic, cost, effect } = world
      const rate = world.rate(day)
      const exposed = binomial(random, traffic, weight / 10_000)
      const arm = (count: number, chance: number): ArmSums => {
        const costly = binomial(random, count, Math.min(1, Math.max(0, chance)))
        const [lossSum, lossSumSquares] = [costly * cost, costly * cost * cost]
        const clusterSquares = count > 0 ? lossSumSquares - (lossSum * lossSum) / count : 0
        return {
          exposed: count,
          labelled: count,
          lossSum,
          lossSumSquares,
          entities: count,
          newEntities: count,
          clusterSquares,
        }
      }
      const one = arm(exposed, rate * (1 + effect) + effects())
      const zero = arm(traffic - exposed, rate)
      if (one.exposed > 0 && zero.exposed > 0) {
        const all = one.exposed + zero.exposed
        const squares = (zero.exposed / all) ** 2 * one.clusterSquares + (one.exposed / all) ** 2 * zero.clusterSquares
        clusters.effect += squares
        if (one.exposed <= 4 * zero.exposed && zero.exposed <= 4 * one.exposed) clusters.balanced += squares
      }
      return { weight, canary: one, production: zero, clusters: { ...clusters } }
    },
  }
}
