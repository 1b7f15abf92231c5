/** Any sequence of valid and invalid moves, some at the same instant: the registry agrees with a plain map. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { isPromotion, promotionKey } from '../../contracts/ledger/index.js'
import { ALIASES, type AliasName } from '../../contracts/names.js'
import { earlierProduction, previousProduction } from '../../registry/aliases/earlier-production.js'
import { promotionOf, wasProduction } from '../../registry/aliases/promotion-of.js'
import { releases, type TestRegistry, testRegistry } from './test-registry.js'

const START = Date.UTC(2026, 0, 1)
const iso = (ms: number): string => new Date(ms).toISOString()

interface Step {
  readonly alias: AliasName
  /** Index of a release; 0 is no release. */
  readonly to: number
  /** What the writer expects: the actual value, or an index. */
  readonly expects: 'actual' | number
  readonly later: number
  /** Repeats the same request, as after a lost answer. */
  readonly twice: boolean
  /** The key says that a run promoted it. */
  readonly promotes: boolean
}

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    alias: fc.constantFrom(...ALIASES),
    to: fc.nat({ max: 3 }),
    expects: fc.oneof({ weight: 3, arbitrary: fc.constant('actual' as const) }, fc.nat({ max: 3 })),
    // Before the newest entry, at its instant, or after it.
    later: fc.integer({ min: -5, max: 20 }),
    twice: fc.boolean(),
    promotes: fc.boolean(),
  }),
  { maxLength: 16 },
)

let test: TestRegistry
let projects = 0

beforeAll(async () => {
  test = await testRegistry()
})
afterAll(() => test?.stop())

async function follow(sequence: readonly Step[]): Promise<void> {
  const { registry } = test
  projects += 1
  const project = `p${projects}`
  // Registered before the first move, so that the instants of the moves count.
  const ids: (string | null)[] = [null, ...(await releases(registry, project, 3, iso(START)))]
  const now: Record<AliasName, string | null> = { production: null, canary: null }
  const made: { alias: AliasName; from: string | null; to: string | null; at: number }[] = []
  let clock = START

  for (const [index, { alias, to, expects, later, twice, promotes }] of sequence.entries()) {
    const expected = expects === 'actual' ? now[alias] : (ids[expects] ?? null)
    const at = clock + later
    const target = ids[to] ?? null
    const request = { project, alias, expected, to: target, actor: 'model', reason: 'step', at: iso(at) }
    const key = promotes ? promotionKey(`release/${project}/${index}`) : `step ${index}`
    const move = () => registry.aliases.move({ ...request, workflowId: null, evidence: null, key })
    if (expected !== now[alias]) {
      await expect(move()).rejects.toMatchObject({ type: 'AliasMoved' })
    } else {
      clock = Math.max(clock, at)
      made.push({ alias, from: expected, to: target, at: clock })
      now[alias] = target
      const first = await move()
      if (twice) expect(await move()).toEqual(first)
    }
    expect(await registry.aliases.current(project)).toEqual(now)
  }

  const history = await registry.aliases.history(project)
  expect(history.map(({ alias, from, to, at }) => ({ alias, from, to, at: Date.parse(at) }))).toEqual(made)
  for (const most of [1, 3, history.length + 1])
    for (const before of [undefined, history[0]?.seq, history.at(-1)?.seq]) {
      const earlier = history.filter(({ seq }) => before === undefined || seq < before)
      expect(await registry.aliases.newest(project, { most, before })).toEqual(earlier.slice(-most))
      const canary = earlier.filter(({ alias }) => alias === 'canary').slice(-most)
      expect(await registry.aliases.newest(project, { most, before, alias: 'canary' })).toEqual(canary)
    }
  for (const instant of new Set([START - 1, ...made.flatMap(({ at }) => [at - 1, at, at + 1])])) {
    for (const alias of ALIASES) {
      const inForce = made.filter((one) => one.alias === alias && one.at <= instant).at(-1)?.to ?? null
      expect(await registry.aliases.at(project, alias, iso(instant))).toBe(inForce)
    }
  }
  const production = history.filter(({ alias }) => alias === 'production')
  for (const span of [0, 10])
    for (const { at: middle } of production) {
      const [from, until] = [Date.parse(middle) - span, Date.parse(middle) + span]
      const before = production.filter(({ at }) => Date.parse(at) < from).slice(-1)
      const within = production.filter(({ at }) => Date.parse(at) >= from && Date.parse(at) <= until)
      const time = { from: iso(from), until: iso(until) }
      expect(await registry.aliases.during(project, 'production', time)).toEqual([...before, ...within])
    }
  expect(await previousProduction(registry.aliases, project)).toBe(earlierProduction(history)[0])
  for (const id of ids.filter((one) => one !== null)) {
    expect(await wasProduction(registry.aliases, project, id)).toBe(production.some(({ to }) => to === id))
    const promotions = production.filter((move) => move.to === id && isPromotion(move))
    expect(await promotionOf(registry.aliases, project, id)).toEqual(promotions.at(-1))
    const until = (promotions.at(-1)?.seq ?? 1) - 1
    expect(await promotionOf(registry.aliases, project, id, until)).toEqual(promotions.at(-2))
  }
  for (const move of history.slice(-1)) expect(await registry.aliases.withKey(project, move.key)).toEqual(move)
  expect(await registry.aliases.withKey(project, 'step 100')).toBeUndefined()
}

it('agrees after every step, and about every instant afterwards', async () => {
  await fc.assert(fc.asyncProperty(steps, follow), { numRuns: 30 })
  expect((await test.registry.ledger.verify()).problems.filter(({ what }) => !what.includes('artifact'))).toHaveLength(
    1,
  )
})
