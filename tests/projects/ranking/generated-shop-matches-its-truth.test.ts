import { beforeAll, describe, expect, it } from 'vitest'
import { DAY_MS } from '../../../contracts/duration.js'
import { seededRandom } from '../../../projects/kit/random.js'
import { pagesBetween } from '../../../projects/ranking/generator/recorded-pages.js'
import { happeningsOf } from '../../../projects/ranking/generator/shop-day.js'
import { trafficBetween } from '../../../projects/ranking/generator/shop-traffic.js'
import { DEFAULT_SEED, openWorld, type World } from '../../../projects/ranking/generator/shop-world.js'
import { chancesOf, expectedGain, GAINS, POSITION_EXPONENT } from '../../../projects/ranking/generator/shopper-truth.js'
import { project } from '../../../projects/ranking/index.js'
import type { Candidate } from '../../../projects/ranking/listing.js'
import { fitExamination } from '../../../projects/ranking/model/examination.js'
import { actionPolicy, RETURN_WINDOW_MS } from '../../../projects/ranking/policy.js'
import { CUTOFF } from './shop-folder.js'

const FROM_DAY = CUTOFF / DAY_MS
const DAYS = 4
const asItIs = { name: 'none', day: 0 } as const
const shopOf = (seed: number) => openWorld({ seed, perDay: 300, situation: asItIs })
const strict = actionPolicy('strict')

let world: World
beforeAll(() => {
  world = shopOf(DEFAULT_SEED)
})

/** Mean loss of the slates that an order makes, over the same impressions for all. */
function lossOf(scoreOf: (query: string, candidate: Candidate, day: number) => number): number {
  let [loss, impressions] = [0, 0]
  for (const event of trafficBetween(world, CUTOFF, CUTOFF + DAYS * DAY_MS)) {
    const { query, candidates } = event.input
    const day = Math.floor(event.at / DAY_MS)
    const output = Object.fromEntries(candidates.map((one) => [one.id, scoreOf(query, one, day)]))
    const action = project.decide(output, strict, event.input)
    loss += project.loss({ action, output, label: event.label ?? {} }, strict)
    impressions += 1
  }
  return loss / impressions
}

describe('the generated shop', () => {
  it('gives a higher gain to a better order: random, by sales, by fit, by truth', () => {
    const truths = new Map(world.catalogue.map((item) => [item.listing.id, item]))
    const wishes = new Map(world.wishes.map((wish) => [wish.text, wish]))
    const chances = (query: string, { id }: Candidate, day: number) => {
      const [wish, item] = [wishes.get(query), truths.get(id)]
      if (!wish || !item) throw new Error(`${id} for ${query} is not of this world`)
      return chancesOf(wish, item, day, asItIs)
    }
    const random = lossOf(seededRandom(1))
    const popular = lossOf((_, { sold }) => sold ?? 0)
    const opened = lossOf((...given) => chances(...given).view)
    const oracle = lossOf((...given) => expectedGain(chances(...given)))
    expect(popular).toBeLessThan(random - 0.02)
    expect(opened).toBeLessThan(popular - 0.1)
    // What is opened is not what is kept.
    expect(oracle).toBeLessThan(opened - 0.01)
    expect(oracle).toBeGreaterThan(0.1)
  })

  it('has position bias in its clicks, which pages in random order measure', () => {
    const pages = pagesBetween(world, CUTOFF - 21 * DAY_MS, CUTOFF)
    expect(Math.abs(fitExamination(pages) - POSITION_EXPONENT)).toBeLessThan(0.1)
    // Without pages in random order the bias cannot be measured, and nothing is corrected.
    expect(fitExamination(pages.filter(({ order }) => order === 'popular'))).toBe(0)
  })

  it('has blocked listings, listings out of stock, and returns after days', () => {
    const items = happeningsOf(world, FROM_DAY).flatMap((happening) =>
      happening.items.map((item) => ({ ...item, after: item.would.knownAt - happening.at })),
    )
    const share = (of: (item: (typeof items)[number]) => boolean) => items.filter(of).length / items.length
    expect(share(({ candidate }) => candidate.blocked)).toBeGreaterThan(0.02)
    expect(share(({ candidate }) => !candidate.inStock)).toBeGreaterThan(0.02)
    const returned = items.filter(({ would }) => would.outcome === 'returned')
    expect(returned.length).toBeGreaterThan(100)
    expect(Math.min(...returned.map(({ after }) => after))).toBeGreaterThan(0.5 * DAY_MS)
    expect(Math.max(...items.map(({ after }) => after))).toBe(RETURN_WINDOW_MS)
    const kept = items.filter(({ would }) => would.outcome === 'kept')
    expect(kept.every(({ after }) => after === RETURN_WINDOW_MS)).toBe(true)
  })

  it('is the same for the same seed in any order of calls, and differs for another seed', () => {
    const day = (seed: number, offset: number) =>
      JSON.stringify([...trafficBetween(shopOf(seed), CUTOFF + offset * DAY_MS, CUTOFF + (offset + 1) * DAY_MS)])
    const [second, first] = [day(DEFAULT_SEED, 1), day(DEFAULT_SEED, 0)]
    const both = [...trafficBetween(world, CUTOFF, CUTOFF + 2 * DAY_MS)]
    expect(`${first.slice(0, -1)},${second.slice(1)}`).toBe(JSON.stringify(both))
    expect(day(DEFAULT_SEED + 1, 0)).not.toBe(first)
  })

  it('records nothing that was not known at the cutoff', () => {
    const pages = pagesBetween(world, CUTOFF - 12 * DAY_MS, CUTOFF)
    const open = pages.filter(({ at }) => at + RETURN_WINDOW_MS >= CUTOFF)
    expect(open.length).toBeGreaterThan(1_000)
    expect(open.flatMap(({ items }) => items).every(({ gain }) => gain === null)).toBe(true)
    const closed = pages.filter(({ at }) => at + RETURN_WINDOW_MS < CUTOFF).flatMap(({ items }) => items)
    expect(closed.filter(({ position }) => position !== null).every(({ gain }) => gain !== null)).toBe(true)
    expect(closed.some(({ gain }) => gain === GAINS.kept)).toBe(true)
    // What is not shown is not seen.
    expect(closed.every(({ position, gain }) => position !== null || gain === null)).toBe(true)
  })

  it('sends only inputs that the live schema accepts', () => {
    for (const { input } of trafficBetween(world, CUTOFF, CUTOFF + DAY_MS)) {
      expect(project.inputSchema?.safeParse(input).error?.issues).toBeUndefined()
    }
  })
})
