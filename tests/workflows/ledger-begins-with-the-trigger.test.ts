/** Nothing of a release is in the ledger before what began it, however early an operator acts. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DAY_MS } from '../../contracts/duration.js'
import { runOf } from '../../contracts/ledger/index.js'
import { releaseStart } from '../../contracts/release-start.js'
import { resultOf } from '../support/steer.js'
import { type Harness, timeSkipping } from '../support/time-skipping.js'
import { project } from '../toy-project/index.js'

const CUTOFF = '2001-01-20T00:00:00.000Z'

let on: Harness
beforeAll(async () => {
  on = await timeSkipping()
})
afterAll(() => on?.close())

it('an abort that arrives with the start is recorded after the trigger', async () => {
  const at = new Date().toISOString()
  const trigger = {
    project: 'toy',
    id: 'at-once',
    kind: 'cli',
    by: 'test',
    at,
    cutoff: CUTOFF,
    parameters: {},
  } as const
  const clock = { eventStart: Date.parse(CUTOFF), wallStart: Date.now(), speed: DAY_MS / 1_000 }
  const start = releaseStart({ trigger, policy: project.policy, clock })
  const note = { id: 'first', by: 'ana', reason: 'started by mistake' }
  const handle = await on.client.workflow.signalWithStart('release', { ...start, signal: 'abort', signalArgs: [note] })
  expect(await resultOf(on, start.workflowId)).toMatchObject({ verdict: 'aborted', reason: 'operator_abort' })
  const entries = (await on.registry.ledger.entries('toy')).filter((entry) => runOf(entry) === start.workflowId)
  expect(entries.map(({ kind }) => kind)).toEqual(['trigger', 'operator_action', 'verdict'])

  // The entries alone may be in order by chance.
  const events = (await handle.fetchHistory()).events ?? []
  const scheduled = (name: string) =>
    events.findIndex((event) => event.activityTaskScheduledEventAttributes?.activityType?.name === name)
  const triggered = events[scheduled('recordTrigger')]?.eventId
  const completed = events.findIndex(({ activityTaskCompletedEventAttributes: done }) =>
    done?.scheduledEventId?.equals(triggered ?? 0),
  )
  expect(completed).toBeGreaterThan(0)
  expect(scheduled('recordAction')).toBeGreaterThan(completed)
})
