import { expect, it } from 'vitest'
import { actionFacts } from '../../../console/actions/action-facts.js'
import { consequenceOf, possibleActions } from '../../../console/actions/consequence.js'
import type { Stage } from '../../../contracts/names.js'
import type { OpenRun } from '../../../registry/index.js'
import { terminated } from '../../../releases/attention.js'
import { toyPolicy } from '../../toy-project/policy.js'

function factsOf(stage: Stage, status: string | null) {
  const run = { project: 'toy', workflowId: 'release/toy/a', releaseId: 'toy_v2', stage, verdict: null, reason: null }
  const summary = { ...run, startedAt: '2026-01-01T00:00:00.000Z', entries: [] }
  const open = { ...summary, asked: null, paused: null, input: { policy: toyPolicy, trigger: { by: 'ana' } } }
  return actionFacts(summary, {
    open: open as unknown as OpenRun,
    production: 'toy_v1',
    now: 0,
    temporal: { state: 'reachable', problem: null, attention: status === null ? [] : [terminated(summary, status)] },
  })
}

it.each([
  { stage: 'canary', status: null, possible: ['promote', 'pause', 'extend', 'abort'] },
  { stage: 'canary', status: 'GONE', possible: ['resume', 'abort'] },
  { stage: 'probation', status: 'GONE', possible: ['resume', 'abort'] },
  { stage: 'training', status: 'GONE', possible: ['abort'] },
  { stage: 'canary', status: 'TERMINATED', possible: ['abort'] },
] as const)('in $stage, with a workflow that is $status', ({ stage, status, possible }) => {
  expect(possibleActions(factsOf(stage, status))).toEqual(possible)
})

it('an action that a closed workflow would refuse says why, and what works; a resume says that it starts again', () => {
  const facts = factsOf('canary', 'GONE')
  expect(consequenceOf('pause', facts).not).toContain('slipway release resume release/toy/a')
  expect(consequenceOf('resume', facts).says).toContain('its canary continues in a new workflow')
  // A form that was shown before it was lost.
  expect(consequenceOf('abort', facts).key).not.toBe(consequenceOf('abort', factsOf('canary', null)).key)
})
