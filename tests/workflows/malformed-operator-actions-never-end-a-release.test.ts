/** Signals sent by hand may have any shape: none may end a release by an error, and none is dropped. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { RELEASE_WORKFLOW, TASK_QUEUE } from '../../contracts/names.js'
import { entriesOf, eventually, exposed, operate, resultOf, startOver, stateOf } from '../support/steer.js'
import { type Harness, timeSkipping } from '../support/time-skipping.js'
import { toyPolicy } from '../toy-project/policy.js'

let on: Harness
beforeAll(async () => {
  on = await timeSkipping()
})
afterEach(() => startOver(on))
afterAll(() => on?.close())

const undecidable = { ...toyPolicy, judge: { ...toyPolicy.judge, minMature: 1_000_000 } }

async function inCanary(trigger: string): Promise<string> {
  const id = await on.start(trigger, { policy: undecidable })
  await exposed(on, id)
  return id
}

const recorded = async (id: string) => (await entriesOf(on, id, 'operator_action')).map(({ body }) => body)

describe('a signal sent by hand', () => {
  it('of any shape is recorded with its content', async () => {
    const id = await inCanary('shapes')
    const handle = on.client.workflow.getHandle(id)
    for (const note of [{ by: 5, reason: ['storm'] }, 'storm', null, { by: {}, reason: null, id: 7 }, [1]]) {
      await handle.signal('pause', note)
    }
    await eventually('five words recorded', async () => (await recorded(id)).length === 5)
    expect((await recorded(id)).map(({ by, reason }) => `${by}: ${reason}`)).toEqual([
      '5: no reason given',
      'unnamed: storm',
      'unnamed: no reason given',
      'unnamed: no reason given',
      'unnamed: no reason given',
    ])
    expect((await recorded(id)).map(({ accepted }) => accepted)).toEqual([true, false, false, false, false])
    expect(await stateOf(on, id)).toMatchObject({ stage: 'canary', paused: true })
    await operate(on, id, 'abort')
    expect(await resultOf(on, id)).toMatchObject({ verdict: 'aborted', reason: 'operator_abort' })
  })

  it('with text that the database refuses is recorded without those characters', async () => {
    const id = await inCanary('characters')
    const handle = on.client.workflow.getHandle(id)
    await handle.signal('pause', { by: 'a\0na', reason: `storm \ud83d`, id: 'x\0y' })
    await handle.signal('abort', { by: 'ana', reason: `${'long '.repeat(100_000)}\0` })
    expect(await resultOf(on, id)).toMatchObject({ verdict: 'aborted', reason: 'operator_abort' })
    const [paused, aborted] = await recorded(id)
    expect(paused).toMatchObject({ by: 'a\ufffdna', reason: 'storm \ufffd', id: 'x\ufffdy', accepted: true })
    expect(String(aborted?.reason)).toHaveLength(2_000)
    expect(await entriesOf(on, id, 'verdict')).toHaveLength(1)
  })

  it('without an id is a separate action each time: pause, resume, pause leaves it paused', async () => {
    const id = await inCanary('no-ids')
    const handle = on.client.workflow.getHandle(id)
    const note = { by: 'ana', reason: 'storm' }
    for (const name of ['pause', 'resume', 'pause']) await handle.signal(name, note)
    await eventually('three words recorded', async () => (await recorded(id)).length === 3)
    expect((await recorded(id)).map(({ action, accepted }) => [action, accepted])).toEqual([
      ['pause', true],
      ['resume', true],
      ['pause', true],
    ])
    expect(await stateOf(on, id)).toMatchObject({ paused: true })
  })

  it('with an unknown name is recorded as refused; capital letters do not matter', async () => {
    const id = await inCanary('names')
    const handle = on.client.workflow.getHandle(id)
    await handle.signal('stop', { by: 'ana', reason: 'storm' })
    await eventually('the word recorded', async () => (await recorded(id)).length === 1)
    expect(await recorded(id)).toMatchObject([
      {
        action: 'stop',
        by: 'ana',
        reason: 'storm',
        accepted: false,
        message: '"stop" is none of promote, abort, pause, resume, extend',
      },
    ])
    expect((await stateOf(on, id)).actions).toHaveLength(1)
    await handle.signal('Abort', { by: 'ana', reason: 'storm' })
    expect(await resultOf(on, id)).toMatchObject({ verdict: 'aborted', reason: 'operator_abort' })
  })

  it('with the id of an earlier action of another name is applied all the same', async () => {
    const id = await inCanary('copied-id')
    const handle = on.client.workflow.getHandle(id)
    const note = { by: 'ana', reason: 'storm', id: 'copied' }
    for (const name of ['pause', 'extend', 'extend', 'pause']) await handle.signal(name, note)
    await eventually('two words recorded', async () => (await recorded(id)).length === 2)
    expect(await operate(on, id, 'extend', { id: 'copied' })).toMatchObject({ message: 'deadline extended by 7d' })
    expect(await stateOf(on, id)).toMatchObject({ paused: true, extensions: 1 })
    await handle.signal('abort', note)
    expect(await resultOf(on, id)).toMatchObject({ verdict: 'aborted', reason: 'operator_abort' })
    expect((await recorded(id)).map(({ action, id: said }) => `${action} ${said}`)).toEqual([
      'pause copied',
      'extend copied:extend',
      'abort copied:abort',
    ])
  })
})

it('an update with such text is refused, naming the field', async () => {
  const id = await inCanary('update')
  const cause = (words: Parameters<typeof operate>[3]) =>
    operate(on, id, 'pause', words).then(
      () => 'accepted',
      (error: Error) => String(error.cause),
    )
  expect(await cause({ reason: 'storm\0' })).toContain('reason: must not contain a NUL or half of a surrogate pair')
  expect(await cause({ by: 'a'.repeat(301) })).toContain('by: must have at most 300 characters')
  expect(await cause({ id: 'a'.repeat(301) })).toContain('id: must have at most 300 characters')
  expect(await recorded(id)).toEqual([])
})

it('a reason of 110,000 characters is shortened and the abort taken; a name or id that is too long is refused and recorded', async () => {
  const id = await inCanary('long-words')
  const handle = on.client.workflow.getHandle(id)
  for (const beyond of [{ id: 'x'.repeat(301) }, { by: 'y'.repeat(301) }])
    await handle.signal('pause', { by: 'ana', reason: 'storm', ...beyond })
  await eventually('both recorded', async () => (await recorded(id)).length === 2)
  expect((await recorded(id)).map(({ accepted, message }) => [accepted, message])).toEqual([
    [false, 'refused: id must have at most 300 characters'],
    [false, 'refused: by must have at most 300 characters'],
  ])
  expect(await stateOf(on, id)).toMatchObject({ paused: false })
  // 300 characters of three bytes are more than Temporal takes in the summary of an activity.
  const long = { by: 'テ'.repeat(300), reason: 'long '.repeat(22_000) }
  expect(await operate(on, id, 'abort', long)).toMatchObject({ accepted: true })
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'aborted', reason: 'operator_abort' })
  const aborted = (await recorded(id)).at(-1)
  expect(aborted?.by).toBe(long.by)
  expect(aborted?.reason).toHaveLength(2_000)
  expect(aborted?.reason).toMatch(/^long long .* … \[shortened\]$/)
})

it('a trainer that fails with such output ends as failed, with its output', async () => {
  const id = await on.start('trainer-output', { parameters: { crash: 'NUL' } })
  const result = await resultOf(on, id)
  expect(result).toMatchObject({ verdict: 'failed', reason: 'trainer_failed' })
  expect(result.detail).toContain('with a NUL \ufffd in its words')
  expect(await entriesOf(on, id, 'verdict')).toHaveLength(1)
})

it('a release started by hand without a project fails at once, naming the missing field', async () => {
  const start = (input: unknown) =>
    on.client.workflow
      .execute(RELEASE_WORKFLOW, {
        workflowId: `by-hand-${JSON.stringify(input)}`,
        taskQueue: TASK_QUEUE,
        args: [input],
      })
      .then(
        () => 'ended well',
        (error: Error) => String(error.cause),
      )
  for (const input of [{}, null, { trigger: { project: 5 } }, 'eta']) {
    expect(await start(input)).toContain(
      'trigger.project: must name a project; start releases with: slipway release start',
    )
  }
})
