/** Which stored breaches a look acts on, and with which power: without a registry. */
import { describe, expect, it } from 'vitest'
import {
  breachesOf,
  breachesThrough,
  type FiredBreach,
  notYetStored,
  openBreaches,
  type StoredBreach,
} from '../../exposure/breaches.js'
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
  const looks = { phase: 'canary', asOf: START + 10, looksAfter: START, actedOn: null } as const

  it('acts on the breaches after the last look, and not on later ones', () => {
    const all = [stored('before', START), stored('now', START + 1), stored('later', START + 11)]
    expect(openBreaches(all, looks).map(({ signal }) => signal)).toEqual(['now'])
  })

  it('acts on a breach that was stored after the look at its instant', () => {
    const all = [stored('seen', START, { seq: 4 }), stored('late', START, { seq: 6 })]
    expect(openBreaches(all, { ...looks, actedOn: { seq: 5 } }).map(({ signal }) => signal)).toEqual(['late'])
  })

  it('acts on a breach that was stored after the look had read breaches and before it was recorded', () => {
    const all = [stored('seen', START, { seq: 3 }), stored('between', START, { seq: 4 })]
    const open = openBreaches(all, { ...looks, actedOn: { seq: 5, breachesRead: 3 } })
    expect(open.map(({ signal }) => signal)).toEqual(['between'])
  })

  it('acts on a breach of a decision service by when it was stored, whatever the clock of that service says', () => {
    const measured = (storedAt: number, at: number, seq: number, phase: 'canary' | 'probation' = 'canary') =>
      stored('skewed', at, { seq, measured: { phase, storedAt } })
    const open = (breach: StoredBreach, more: object = {}) => openBreaches([breach], { ...looks, ...more }).length
    const [ahead, behind] = [START + 1e9, START - 1e9]
    expect([open(measured(START + 10, ahead, 1)), open(measured(START + 11, behind, 1))]).toEqual([1, 0])
    expect(open(measured(START + 11, ahead, 1), { present: true })).toBe(1)
    expect(open(measured(START + 10, ahead, 1, 'probation'))).toBe(0)
    const actedOn = { seq: 9, breachesThrough: 7 }
    const at = (seq: number, storedAt = START + 5) => open(measured(storedAt, behind, seq), { actedOn })
    // Stored between the evidence of the look and its record.
    expect([at(7), at(8), at(10)]).toEqual([0, 1, 1])
    // The look of an earlier build.
    const earlier = (seq: number, storedAt: number) =>
      open(measured(storedAt, behind, seq), { actedOn: { seq: 9, breachesThrough: undefined } })
    expect([earlier(8, START), earlier(8, START + 1), earlier(10, START)]).toEqual([0, 1, 1])
    const three = [measured(START, behind, 3), measured(START + 10, ahead, 5), measured(START + 11, behind, 6)]
    expect(breachesThrough(three, looks)).toBe(5)
    expect(breachesThrough(three, { ...looks, present: true })).toBe(6)
    // A breach of the canary that is stored last does not hide one of the probation, nor the reverse.
    const canaryToo = [...three, measured(START + 12, ahead, 8)]
    expect(breachesThrough(canaryToo, { ...looks, phase: 'probation' })).toBe(8)
    expect(breachesThrough([stored('replayed', START, { seq: 4 })], looks)).toBe(4)
    expect(breachesThrough([stored('replayed', START + 11, { seq: 4 })], looks)).toBe(3)
    expect(breachesThrough([], looks)).toBe(0)
  })

  it.each([
    ['canary', 'canary', 'production'],
    ['probation', 'production', 'holdback'],
  ] as const)('in a %s rolls back for arm %s, and only pauses for arm %s', (phase, challenger, reference) => {
    const all = [stored('own', START + 1, { arm: challenger }), stored('other', START + 1, { arm: reference })]
    expect(openBreaches(all, { ...looks, phase }).map(({ power }) => power)).toEqual(['rollback', 'pause'])
    // It is the power of its effect that counts where a pause has none.
    const pauses = ({ seq }: StoredBreach) => seq > 1
    const known = [...all, stored('own', START + 1, { arm: challenger, power: 'pause' })]
    expect(openBreaches(known, { ...looks, phase, pauses }).map(({ power }) => power)).toEqual(['rollback'])
    const fresh = all.map((breach) => ({ ...breach, seq: 2 }))
    expect(openBreaches(fresh, { ...looks, phase, pauses })).toHaveLength(2)
  })
})

it('the same breach is stored once per window', () => {
  const again = (agoMs: number) =>
    notYetStored([fired(START)], [{ signal: 'missing', arm: 'canary', agoMs }], () => 3_600_000).length
  expect([again(-1), again(3_599_999), again(3_600_000)]).toEqual([0, 0, 1])
})
