/** Which stored breaches a look acts on, and with which power: without a registry. */
import { describe, expect, it } from 'vitest'
import { breachesOf, type FiredBreach, notYetStored, openBreaches, type StoredBreach } from '../../exposure/breaches.js'
import { START } from './support.js'

const iso = (instant: number) => new Date(instant).toISOString()
const stored = (signal: string, at: number, more: Partial<StoredBreach> = {}): StoredBreach => ({
  signal,
  arm: 'canary',
  value: 1,
  threshold: 0.1,
  power: 'rollback',
  at: iso(at),
  seq: 1,
  ...more,
})
const fired = (at: number) =>
  breachesOf(
    [{ name: 'missing', clock: 'data_health', window: '1h', threshold: 0.1, breachWhen: 'above', power: 'pause' }],
    { arm: 'canary', from: at - 3_600_000, to: at, decisions: 100, numbers: { missing: 0.2 } },
    at,
  )[0] as FiredBreach

describe('a look', () => {
  const looks = { phase: 'canary', asOf: START + 10, looksAfter: START, actedOnSeq: null } as const

  it('acts on the breaches after the last look, and not on later ones', () => {
    const all = [stored('before', START), stored('now', START + 1), stored('later', START + 11)]
    expect(openBreaches(all, looks).map(({ signal }) => signal)).toEqual(['now'])
  })

  it('acts on a breach that was stored after the look at its instant', () => {
    const all = [stored('seen', START, { seq: 4 }), stored('late', START, { seq: 6 })]
    expect(openBreaches(all, { ...looks, actedOnSeq: 5 }).map(({ signal }) => signal)).toEqual(['late'])
  })

  it.each([
    ['canary', 'canary', 'production'],
    ['probation', 'production', 'holdback'],
  ] as const)('in a %s rolls back for arm %s, and only pauses for arm %s', (phase, challenger, reference) => {
    const all = [stored('own', START + 1, { arm: challenger }), stored('other', START + 1, { arm: reference })]
    expect(openBreaches(all, { ...looks, phase }).map(({ power }) => power)).toEqual(['rollback', 'pause'])
  })
})

it('the same breach is stored once per window', () => {
  const known = [{ signal: 'missing', arm: 'canary', at: iso(START) } as const]
  const again = (at: number) => notYetStored([fired(at)], known, () => 3_600_000).length
  expect([again(START + 3_599_999), again(START + 3_600_000)]).toEqual([0, 1])
})
