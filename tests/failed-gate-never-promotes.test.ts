import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { REQUIRED_GATES } from '../contracts/names.js'
import { promotionBoundary } from '../judge/index.js'

const aliases = { production: 'eta_v1', canary: null }
const allTrue = Object.fromEntries(REQUIRED_GATES.map((name) => [name, true]))

describe('the promotion boundary', () => {
  it('holds on a failed critical slice and leaves both aliases', () => {
    const gates = { ...allTrue, critical_slice_pass: false }
    expect(promotionBoundary({ aliases, candidate: 'eta_v2', gates })).toEqual({
      decision: 'hold:critical_slice_pass',
      aliases,
    })
  })

  it('opens the canary and leaves production when all gates passed', () => {
    expect(promotionBoundary({ aliases, candidate: 'eta_v2', gates: allTrue })).toEqual({
      decision: 'canary_open',
      aliases: { production: 'eta_v1', canary: 'eta_v2' },
    })
  })

  it('counts an absent gate as failed and names all failed gates in order', () => {
    expect(promotionBoundary({ aliases, candidate: 'eta_v2', gates: {} }).decision).toBe(
      'hold:cost_improves,critical_slice_pass,no_leakage,schema_valid',
    )
  })

  it('also holds on a failed gate that the project defines', () => {
    const gates = { ...allTrue, slate_clean: false }
    expect(promotionBoundary({ aliases, candidate: 'eta_v2', gates }).decision).toBe('hold:slate_clean')
  })
})

const anything = fc.oneof(fc.boolean(), fc.constantFrom(1, 'true', null, undefined, {}, [true], Number.NaN))
const gateMaps = fc.dictionary(fc.oneof(fc.constantFrom(...REQUIRED_GATES), fc.string()), anything)
const alias = fc.option(fc.constantFrom('eta_v1', 'eta_v7'))

describe('the promotion boundary for any gate results: missing keys, wrong types, unknown names', () => {
  it('never moves production, and moves canary only when every gate is exactly true', () => {
    fc.assert(
      fc.property(gateMaps, alias, alias, (gates, production, canary) => {
        const before = { production, canary }
        const after = promotionBoundary({ aliases: before, candidate: 'eta_v2', gates })
        expect(after.aliases.production).toBe(production)
        const good =
          REQUIRED_GATES.every((name) => Object.hasOwn(gates, name) && gates[name] === true) &&
          Object.values(gates).every((passed) => passed === true)
        expect(after.decision === 'canary_open').toBe(good)
        expect(after.aliases.canary).toBe(good ? 'eta_v2' : canary)
        if (!good) expect(after.decision).toMatch(/^hold:/)
      }),
      { numRuns: 2_000 },
    )
  })

  it('holds when a single required gate is not exactly true', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...REQUIRED_GATES),
        anything.filter((value) => value !== true),
        (name, value) => {
          const { decision } = promotionBoundary({ aliases, candidate: 'eta_v2', gates: { ...allTrue, [name]: value } })
          expect(decision).toBe(`hold:${name}`)
        },
      ),
    )
  })
})
