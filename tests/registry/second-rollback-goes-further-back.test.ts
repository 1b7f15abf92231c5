import fc from 'fast-check'
import { expect, it } from 'vitest'
import { earlierProduction } from '../../registry/aliases/earlier-production.js'

const move = (to: string | null, key = 'by-hand', alias: 'production' | 'canary' = 'production') => ({ alias, to, key })
const promoted = (to: string) => move(to, `release/toy/${to}:promote`)
const back = (to: string) => move(to, `rollback:${to}`)
const reverted = (to: string) => move(to, 'release/toy/x:revert')

const CASES: readonly [string, Parameters<typeof earlierProduction>[0], string[]][] = [
  ['nothing before the first production', [promoted('v1')], []],
  ['nothing in an empty ledger', [], []],
  ['the previous production', [promoted('v1'), promoted('v2'), promoted('v3')], ['v2', 'v1']],
  ['further back the second time', [promoted('v1'), promoted('v2'), promoted('v3'), back('v2')], ['v1']],
  ['nothing after the first production is reached', [promoted('v1'), promoted('v2'), back('v1')], []],
  ['not a release that was reverted', [promoted('v1'), promoted('v2'), promoted('v3'), reverted('v2')], ['v1']],
  ['a rollback by two releases at once', [promoted('v1'), promoted('v2'), promoted('v3'), back('v1')], []],
  ['a rollback to a newer release by name', [promoted('v1'), promoted('v2'), back('v1'), back('v2')], ['v1']],
  ['the same tuple promoted again', [promoted('v1'), promoted('v2'), back('v1'), promoted('v2')], ['v1']],
  ['moved by an operator and back', [promoted('v1'), move('v2'), move('v1')], []],
  ['canaries do not count', [promoted('v1'), move('v2', 'x', 'canary'), move(null, 'y', 'canary')], []],
]

it.each(CASES)('%s', (_, moves, expected) => {
  expect(earlierProduction(moves)).toEqual(expected)
})

const anyMove = fc.record({ to: fc.constantFrom('v1', 'v2', 'v3', 'v4'), how: fc.constantFrom(promoted, back) })
const anyMoves = fc.array(anyMove, { maxLength: 25 }).map((all) => all.map(({ to, how }) => how(to)))

it('the newest moves alone prove what all moves say, or nothing', () => {
  fc.assert(
    fc.property(anyMoves, fc.nat({ max: 25 }), (moves, left) => {
      const known = earlierProduction(moves.slice(left), false)
      expect(known).toEqual(earlierProduction(moves).slice(0, known.length))
    }),
    { numRuns: 500 },
  )
  expect(earlierProduction([promoted('v7'), promoted('v8'), back('v7'), promoted('v9')], false)).toEqual(['v7'])
})
