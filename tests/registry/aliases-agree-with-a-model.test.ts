/** Any sequence of valid and invalid moves, some at the same instant: the registry agrees with a plain map. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ALIASES, type AliasName } from '../../contracts/names.js'
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
}

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    alias: fc.constantFrom(...ALIASES),
    to: fc.nat({ max: 3 }),
    expects: fc.oneof({ weight: 3, arbitrary: fc.constant('actual' as const) }, fc.nat({ max: 3 })),
    // Before the newest entry, at its instant, or after it.
    later: fc.integer({ min: -5, max: 20 }),
    twice: fc.boolean(),
  }),
  { maxLength: 12 },
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

  for (const [index, { alias, to, expects, later, twice }] of sequence.entries()) {
    const expected = expects === 'actual' ? now[alias] : (ids[expects] ?? null)
    const at = clock + later
    const target = ids[to] ?? null
    const request = { project, alias, expected, to: target, actor: 'model', reason: 'step', at: iso(at) }
    const move = () => registry.aliases.move({ ...request, workflowId: null, evidence: null, key: `step ${index}` })
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
}

it('agrees after every step, and about every instant afterwards', async () => {
  await fc.assert(fc.asyncProperty(steps, follow), { numRuns: 40 })
  expect((await test.registry.ledger.verify()).problems.filter(({ what }) => !what.includes('artifact'))).toHaveLength(
    1,
  )
})
