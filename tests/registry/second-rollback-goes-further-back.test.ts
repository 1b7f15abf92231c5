import { expect, it } from 'vitest'
import { earlierProduction } from '../../registry/index.js'

const move = (to: string | null, key = 'by-hand', alias: 'production' | 'canary' = 'production') => ({ alias, to, key })
const promoted = (to: string) => move(to, `release/toy/${to}:promote`)
const back = (to: string) => move(to, `rollback:${to}`)
const reverted = (to: string) => move(to, 'release/toy/x:revert')

const CASES: readonly [string, Parameters<typeof earlierProduction>[0], string[]][] = [
  ['nothing before the first', [promoted('v1')], []],
  ['nothing in an empty ledger', [], []],
  ['the one before', [promoted('v1'), promoted('v2'), promoted('v3')], ['v2', 'v1']],
  ['further back the second time', [promoted('v1'), promoted('v2'), promoted('v3'), back('v2')], ['v1']],
  ['nothing after the last one', [promoted('v1'), promoted('v2'), back('v1')], []],
  ['not what a release reverted', [promoted('v1'), promoted('v2'), promoted('v3'), reverted('v2')], ['v1']],
  ['a jump over one', [promoted('v1'), promoted('v2'), promoted('v3'), back('v1')], []],
  ['forward again by name', [promoted('v1'), promoted('v2'), back('v1'), back('v2')], ['v1']],
  ['the same tuple promoted again', [promoted('v1'), promoted('v2'), back('v1'), promoted('v2')], ['v1']],
  ['moved by hand and back', [promoted('v1'), move('v2'), move('v1')], []],
  ['canaries are not productions', [promoted('v1'), move('v2', 'x', 'canary'), move(null, 'y', 'canary')], []],
]

it.each(CASES)('%s', (_, moves, expected) => {
  expect(earlierProduction(moves)).toEqual(expected)
})
