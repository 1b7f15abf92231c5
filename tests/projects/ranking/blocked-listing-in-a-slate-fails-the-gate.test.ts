import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LoadedRelease } from '../../../projects/project.js'
import { readRows } from '../../../projects/ranking/data/page-rows.js'
import { answer, holdOut } from '../../../projects/ranking/gates/answers.js'
import { blockedGate } from '../../../projects/ranking/gates/blocked.js'
import { project } from '../../../projects/ranking/index.js'
import type { Candidate } from '../../../projects/ranking/listing.js'
import { actionPolicy, monitor } from '../../../projects/ranking/policy.js'
import { splitAt } from '../../../projects/ranking/split.js'
import { evaluate, failedGates, gateOf, LITTLE, openShopFolder, type Shop, type Snapshot } from './shop-folder.js'

const strict = actionPolicy('strict')
const open = actionPolicy('open')

const candidate = fc.record({
  brand: fc.constantFrom('', 'Norvik', 'Tallow', 'Kestrel'),
  blocked: fc.boolean(),
  inStock: fc.boolean(),
  score: fc.double({ min: -10, max: 10, noNaN: true }),
})
type Drawn = typeof candidate extends fc.Arbitrary<infer Item> ? Item : never

const listing = {
  title: 'kettle',
  category: '',
  colour: '',
  text: '',
  price: null,
  rating: null,
  ratings: 0,
  sold: null,
}
const impressionOf = (drawn: readonly Drawn[]) => ({
  query: 'kettle',
  candidates: drawn.map(
    ({ brand, blocked, inStock }, index): Candidate => ({ ...listing, id: `L${index}`, brand, blocked, inStock }),
  ),
})
const outputOf = (drawn: readonly Drawn[]) => Object.fromEntries(drawn.map(({ score }, index) => [`L${index}`, score]))
const slateOf = (action: string): string[] => (action === 'none' ? [] : action.split(' '))

describe('a slate', () => {
  it('has at most ten listings, three of a brand, none blocked or out of stock, best first, in any input order', () => {
    fc.assert(
      fc.property(fc.array(candidate, { maxLength: 40, size: 'max' }), (drawn) => {
        const impression = impressionOf(drawn)
        const action = project.decide(outputOf(drawn), strict, impression)
        const slate = slateOf(action).map((id) => Number(id.slice(1)))
        const chosen = slate.map((index) => drawn[index] as Drawn)
        expect(chosen.every(({ blocked, inStock }) => !blocked && inStock)).toBe(true)
        expect(slate.length).toBeLessThanOrEqual(10)
        for (const brand of ['Norvik', 'Tallow', 'Kestrel']) {
          expect(chosen.filter((one) => one.brand === brand).length).toBeLessThanOrEqual(3)
        }
        expect(chosen.map(({ score }) => score)).toEqual(chosen.map(({ score }) => score).sort((a, b) => b - a))
        const turned = { ...impression, candidates: [...impression.candidates].reverse() }
        expect(project.decide(outputOf(drawn), strict, turned)).toBe(action)
      }),
    )
  })

  it('has a loss from 0 to 1, and 1 if it shows a blocked listing', () => {
    fc.assert(
      fc.property(
        fc.array(candidate, { maxLength: 30 }),
        fc.infiniteStream(fc.constantFrom(0, 0.1, 1)),
        (drawn, gains) => {
          const label = Object.fromEntries(
            drawn.map(({ blocked }, index) => [`L${index}`, blocked ? -1 : (gains.next().value as number)]),
          )
          const costOf = (policy: typeof strict, output: Record<string, number>) => {
            const action = project.decide(output, policy, impressionOf(drawn))
            return { action, loss: project.loss({ action, output, label }, policy) }
          }
          const { action, loss } = costOf(open, outputOf(drawn))
          const exposed = slateOf(action).some((id) => (label[id] ?? 0) < 0)
          expect(loss).toBeGreaterThanOrEqual(0)
          expect(loss).toBeLessThanOrEqual(exposed ? 1 : 1 + 1e-12)
          if (exposed) expect(loss).toBe(1)
        },
      ),
    )
    // Three kept, best first: nothing is lost. Each place later costs.
    const label = { a: 1, b: 1, c: 0.1 }
    const costOf = (action: string) => project.loss({ action, output: {}, label }, strict)
    expect(costOf('a b c')).toBe(0)
    expect(costOf('c a b')).toBeGreaterThan(0.1)
    expect(costOf('none')).toBe(1)
    expect(project.loss({ action: 'a b', output: {}, label: {} }, strict)).toBe(0)
  })

  it('leaves places empty rather than show more than three of one brand', () => {
    const drawn = Array.from({ length: 12 }, (_, index): Drawn => {
      return { brand: index < 11 ? 'Norvik' : 'Tallow', blocked: false, inStock: true, score: 12 - index }
    })
    expect(project.decide(outputOf(drawn), strict, impressionOf(drawn))).toBe('L0 L1 L2 L11')
  })

  it('is refused under an incomplete slate rule', () => {
    const { perBrand: _, ...parameters } = strict.parameters
    expect(() => project.decide({}, { version: 'ranking_slate_v0', parameters }, impressionOf([]))).toThrow(
      /ranking_slate_v0 is not a slate rule; it requires slateSize and perBrand/,
    )
    const half = { version: 'v', parameters: { ...strict.parameters, slateSize: 2.5 } }
    expect(() => project.decide({}, half, impressionOf([]))).toThrow(/whole numbers/)
  })
})

describe('a candidate', () => {
  let shop: Shop
  let snapshot: Snapshot
  let production: LoadedRelease
  beforeAll(async () => {
    shop = openShopFolder()
    snapshot = await shop.snapshot(shop.world())
    production = await shop.baseline(snapshot)
  })
  afterAll(() => shop.remove())

  it('with a better order fails only the critical slice if its rule admits blocked listings', async () => {
    const candidate = await shop.candidate(snapshot, { ...LITTLE, slate: 'open' })
    const report = await evaluate(snapshot, candidate, production)
    expect(failedGates(report)).toEqual(['critical_slice_pass'])
    expect(gateOf(report, 'critical_slice_pass').detail).toMatch(
      /\d+ blocked listings shown in \d+ slates .*, the first L\d+/,
    )
    const tight = await evaluate(snapshot, { ...candidate, actionPolicy: strict }, production)
    expect(failedGates(tight)).toEqual([])
  })

  it('fails for a single blocked listing, for a rule that would admit one, and if there was none to test with', async () => {
    const rows = await readRows(snapshot.dataFile)
    const { heldOutFrom: from, heldOutTo: to } = splitAt(Date.parse(snapshot.snapshot.cutoff), 7)
    const pages = rows.pages.filter(({ at, order }) => at >= from && at < to && order === 'shuffled').slice(0, 30)
    const gateWith = (blockedItems: number, policy: typeof strict, sold: number) => {
      let left = blockedItems
      const marked = pages.map((page) => ({
        ...page,
        items: page.items.map((item) => {
          const blocked = left > 0 && item.position === 1
          if (blocked) left -= 1
          return { ...item, blocked, sold: blocked ? sold : item.sold }
        }),
      }))
      const heldOut = holdOut({ ...rows, pages: marked }, { from, to })
      const release = { ...production, actionPolicy: policy }
      return blockedGate(release, answer(release, heldOut).model, heldOut)
    }
    expect(gateWith(1, strict, 1e6)).toMatchObject({ passed: true, value: 0 })
    expect(gateWith(1, open, 1e6)).toMatchObject({ passed: false, value: 1 })
    // Sold nothing, so that popularity leaves it out: the rule is what is judged.
    expect(gateWith(1, open, 0)).toMatchObject({ passed: false, value: 1 })
    expect(gateWith(1, open, 0).detail).toMatch(/when the model scores them highest/)
    expect(gateWith(0, strict, 0)).toMatchObject({ passed: false })
    expect(gateWith(0, strict, 0).detail).toMatch(/could not be tested/)
  })
})

describe('the monitor', () => {
  const window = { arm: 'canary', from: 0, to: 3_600_000 } as const
  const drawn: Drawn[] = [
    { brand: '', blocked: true, inStock: true, score: 3 },
    { brand: '', blocked: false, inStock: false, score: 2 },
    { brand: '', blocked: false, inStock: true, score: 1 },
  ]
  const decisionWith = (policy: typeof strict) => {
    const input = impressionOf(drawn)
    const output = outputOf(drawn)
    return { at: 0, input, output, action: project.decide(output, policy, input) }
  }

  it('stars that the feed lost are a fault, and a shop without stars is none', () => {
    const decision = decisionWith(strict)
    const rated = decision.input.candidates.map((candidate) => ({ ...candidate, ratings: 7 }))
    const of = (candidates: typeof rated) =>
      project.measure({ ...window, decisions: [{ ...decision, input: { ...decision.input, candidates } }] })
    expect(of(rated).unrated_share).toBe(1)
    expect(of(rated.map((one) => ({ ...one, rating: 4 }))).unrated_share).toBe(0)
    expect(of(rated.map((one) => ({ ...one, ratings: 0 }))).unrated_share).toBe(0)
  })

  it('counts impressions with a blocked listing; the threshold is 0', () => {
    const decisions = [decisionWith(strict), decisionWith(open), decisionWith(open)]
    const seen = project.measure({ ...window, decisions })
    expect(seen).toEqual({ impressions: 3, eligible_candidates: 1, unrated_share: 0, blocked_exposures: 2 })
    const signal = monitor.signals.find(({ name }) => name === 'blocked_exposures')
    expect(signal).toMatchObject({ threshold: 0, breachWhen: 'above', power: 'rollback', clock: 'rollback_event' })
  })

  it('measures every declared signal, and only the count without impressions', () => {
    const declared = monitor.signals.filter(({ clock }) => clock === 'data_health' || clock === 'rollback_event')
    const seen = project.measure({ ...window, decisions: [decisionWith(strict)] })
    expect(Object.keys(seen).sort()).toEqual(declared.map(({ name }) => name).sort())
    expect(project.measure({ ...window, decisions: [] })).toEqual({ impressions: 0 })
  })
})
