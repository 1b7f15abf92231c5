import { expect, it } from 'vitest'
import { earlierProduction } from '../../registry/index.js'

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
