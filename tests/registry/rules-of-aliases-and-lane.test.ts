/** The rules of alias moves and of the canary lane, without a database: both sides of each condition. */
import { describe, expect, it } from 'vitest'
import { promotionKey, revertKey, rollbackKey } from '../../contracts/ledger/index.js'
import type { AliasMove } from '../../registry/aliases/aliases-area.js'
import { earlierProduction } from '../../registry/aliases/earlier-production.js'
import { projectOf, requireMovable, requireReason } from '../../registry/aliases/move-rules.js'
import { laneOfRuns, turnOf } from '../../registry/lane/lane-rules.js'

describe('an alias', () => {
  const move: AliasMove = {
    project: 'toy',
    alias: 'production',
    expected: 'toy_v1',
    to: 'toy_v2',
    actor: 'ann',
    reason: 'better',
    workflowId: 'release/toy/w',
    evidence: null,
    key: 'k',
  }
  const refusal = (work: () => void): string => {
    try {
      work()
      return 'moves'
    } catch (error) {
      const { type, message } = error as { type: string; message: string }
      return `${type}: ${message}`
    }
  }
  const moved = (changes: Partial<AliasMove>, found: { current: string | null; aborted?: boolean; breach?: string }) =>
    refusal(() => requireMovable({ ...move, ...changes }, { aborted: false, breach: null, ...found }))

  it('moves only from where it was expected', () => {
    expect(moved({}, { current: 'toy_v1' })).toBe('moves')
    expect(moved({ expected: null }, { current: null })).toBe('moves')
    expect(moved({}, { current: 'toy_v3' })).toBe(
      'AliasMoved: production of toy was expected to be toy_v1, but is toy_v3',
    )
    expect(moved({}, { current: null })).toBe('AliasMoved: production of toy was expected to be toy_v1, but is nothing')
    expect(moved({ expected: null }, { current: 'toy_v1' })).toBe(
      'AliasMoved: production of toy was expected to be nothing, but is toy_v1',
    )
  })

  it('does not move after an abort where the move asks for that', () => {
    const asks = { unlessAborted: true } as const
    expect(moved(asks, { current: 'toy_v1' })).toBe('moves')
    expect(moved({}, { current: 'toy_v1', aborted: true })).toBe('moves')
    expect(moved(asks, { current: 'toy_v1', aborted: true })).toBe(
      'AliasMoved: release/toy/w was aborted before it could move production of toy',
    )
  })

  it('does not move with a breach that no look has read where the move asks for that', () => {
    const asks = { unlessBreached: {} }
    expect(moved(asks, { current: 'toy_v1' })).toBe('moves')
    expect(moved({}, { current: 'toy_v1', breach: 'latency' })).toBe('moves')
    expect(moved(asks, { current: 'toy_v1', breach: 'latency' })).toBe(
      'Breached: production of toy was not moved: no look has read the breach of latency',
    )
  })

  it.each([
    ['', 'better'],
    [' ', 'better'],
    ['ann', ''],
    ['ann', '\t'],
  ])('needs an actor and a reason: "%s", "%s"', (actor, reason) => {
    const refused = refusal(() => requireReason({ ...move, actor, reason }))
    expect(refused).toBe('BadRequest: a move of production of toy needs an actor and a reason')
    expect(refusal(() => requireReason(move))).toBe('moves')
  })

  it('moves together with others of its project only', () => {
    expect(projectOf([])).toBeUndefined()
    expect(projectOf([move, move])).toBe('toy')
    expect(refusal(() => projectOf([move, { ...move, project: 'other' }]))).toMatch(/^BadRequest: .* several projects/)
  })
})

describe('earlier production', () => {
  const to = (release: string | null, key: string, alias: 'production' | 'canary' = 'production') => ({
    alias,
    to: release,
    key,
  })
  const promoted = (release: string) => to(release, promotionKey(`release/toy/${release}`))

  it('is what repeated rollbacks lead to, the nearest first, and never what was rolled back', () => {
    const three = [to('v1', 'baseline'), promoted('v2'), promoted('v3')]
    expect(earlierProduction(three)).toEqual(['v2', 'v1'])
    const back = to('v2', rollbackKey('ann-1'))
    expect(earlierProduction([...three, back])).toEqual(['v1'])
    expect(earlierProduction([...three, back, to('v1', revertKey('release/toy/v2'))])).toEqual([])
    expect(earlierProduction([])).toEqual([])
    expect(earlierProduction([to('v1', 'baseline')])).toEqual([])
  })

  it('a promotion goes forward, also to a release that was in production before', () => {
    const again = [to('v1', 'baseline'), promoted('v2'), promoted('v1')]
    expect(earlierProduction(again)).toEqual(['v2', 'v1'])
    const byHand = [to('v1', 'baseline'), promoted('v2'), to('v1', 'by hand')]
    expect(earlierProduction(byHand)).toEqual([])
  })

  it('moves of the canary, and those to nothing, do not count', () => {
    const with_ = [to('v1', 'baseline'), to('v2', 'open', 'canary'), to(null, 'close', 'canary'), to(null, 'none')]
    expect(earlierProduction([...with_, promoted('v2')])).toEqual(['v1'])
  })
})

describe('the canary lane', () => {
  const waits = (workflowId: string) => ({ workflowId, opened: false })
  const open = (workflowId: string) => ({ workflowId, opened: true })
  const request = { workflowId: 'b', candidate: 'v2', production: 'v1' }
  const nothing = { canary: null, production: 'v1' }
  const turn = (runs: Parameters<typeof laneOfRuns>[0], found: Parameters<typeof turnOf>[2] = nothing) =>
    turnOf(request, laneOfRuns(runs), found)

  it('has at most one holder, and a queue in order of arrival', () => {
    expect(laneOfRuns([])).toEqual({ holder: null, queue: [] })
    expect(laneOfRuns([waits('a'), open('b'), waits('c')])).toEqual({ holder: 'b', queue: ['a', 'c'] })
  })

  it('is opened by the first in the queue, and by no other', () => {
    expect(turn([waits('b'), waits('c')])).toBeNull()
    expect(turn([waits('a'), waits('b')])).toEqual({ outcome: 'busy', holder: 'a' })
    // It came first, and the holder is another one.
    expect(turn([waits('b'), open('c')])).toEqual({ outcome: 'busy', holder: 'c' })
    expect(turn([])).toBeNull()
  })

  it('is open for its holder while the canary is its candidate, and opened again after it was withdrawn', () => {
    expect(turn([open('b')], { canary: 'v2', production: 'v1' })).toEqual({ outcome: 'open', holder: 'b' })
    // Production changed after the opening: that is for the next look to find.
    expect(turn([open('b')], { canary: 'v2', production: 'v9' })).toEqual({ outcome: 'open', holder: 'b' })
    expect(turn([open('b')], { canary: null, production: 'v1' })).toBeNull()
    expect(turn([waits('b')], { canary: 'v2', production: 'v1' })).toBeNull()
  })

  it('is not opened against another production than the candidate was compared with', () => {
    const changed = { outcome: 'production_changed', holder: null }
    expect(turn([waits('b')], { canary: null, production: 'v3' })).toEqual(changed)
    expect(turn([waits('b')], { canary: null, production: null })).toEqual(changed)
  })
})
