/** A look returns and an operator acts while no worker runs workflows: the release gets both in one workflow task. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { entriesOf, eventually, exposed, movesOf, pendingOf, reaches, resultOf, startOver } from '../support/steer.js'
import { type Harness, timeSkipping } from '../support/time-skipping.js'
import { toyPolicy } from '../toy-project/policy.js'

let on: Harness
let production: string | null
beforeAll(async () => {
  on = await timeSkipping({ maxCachedWorkflows: 0 })
  production = (await on.registry.aliases.current('toy')).production
})
afterEach(() => startOver(on))
afterAll(() => on?.close())

/** One step, so that the first news of the watch is its last. */
const policy = { ...toyPolicy, steps: [{ weight: 5_000, atLeast: '2d' }] }

const say = (id: string, word: string) => on.client.workflow.getHandle(id).signal(word, { by: 'ana', reason: 'storm' })

/** Lets days pass until the look has returned, then sends an action, and only then lets the workflow continue. */
async function unheard(id: string, word: () => Promise<unknown>): Promise<void> {
  let days: Promise<void> | undefined
  const passing = () => {
    // Not awaited here: time stands still as soon as the workflow has something to do.
    days ??= on.env.sleep('1 day').finally(() => {
      days = undefined
    })
  }
  await on.withoutWorkflowWorker(async () => {
    await eventually('the watch to come back', async () => {
      passing()
      return (await pendingOf(on, id)) === undefined
    })
    await word()
  })
  await days
}

async function judgedToPromote(trigger: string, word: (id: string) => Promise<unknown>): Promise<string> {
  const id = await on.start(trigger, { policy })
  await exposed(on, id)
  await unheard(id, () => word(id))
  const judged = (await entriesOf(on, id, 'judgement')).at(-1)?.body.judgement
  expect(judged).toMatchObject({ action: 'promote' })
  return id
}

const untouched = async (id: string) => {
  expect((await movesOf(on, id)).filter((move) => move.startsWith('production'))).toEqual([])
  expect(await on.registry.aliases.current('toy')).toEqual({ production, canary: null })
}

it('abort wins over a promotion', async () => {
  const id = await judgedToPromote('abort', (run) => say(run, 'abort'))
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'aborted', reason: 'operator_abort' })
  await untouched(id)
})

it('cancellation in Temporal wins over a promotion', async () => {
  const id = await judgedToPromote('cancel', (run) => on.client.workflow.getHandle(run).cancel())
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'aborted', reason: 'cancelled' })
  await untouched(id)
})

it('pause holds a promotion back until it is resumed', async () => {
  const id = await judgedToPromote('pause', (run) => say(run, 'pause'))
  await reaches(on, id, 'canary', ({ paused }) => paused)
  await on.env.sleep('3 days')
  await reaches(on, id, 'canary', ({ paused }) => paused)
  expect((await on.registry.aliases.current('toy')).production).toBe(production)
  await say(id, 'resume')
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'promoted', reason: 'non_inferior' })
})

it('extend holds back a candidate that was about to be held', async () => {
  const short = { ...policy, deadline: '2d', judge: { ...policy.judge, minMature: 1_000_000 } }
  const id = await on.start('extend', { policy: short })
  const { deadline } = await exposed(on, id)
  await unheard(id, () => say(id, 'extend'))
  const extended = await reaches(on, id, 'canary', (state) => state.deadline !== deadline)
  expect(extended.extensions).toBe(1)
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'held', reason: expect.stringMatching(/^hold:deadline/) })
  const looks = await entriesOf(on, id, 'judgement')
  expect(looks.length).toBeGreaterThan(8)
})

it('pause does not keep harm from rolling back', async () => {
  const id = await on.start('harm', { policy, parameters: { feed: true }, cutoff: '2001-01-31T00:00:00.000Z' })
  await exposed(on, id)
  await unheard(id, () => say(id, 'pause'))
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'rolled_back', reason: 'harm' })
  await untouched(id)
})

it('abort wins over the end of the probation', async () => {
  const id = await on.start('probation', { policy })
  await exposed(on, id)
  await eventually('probation', async () => {
    await on.env.sleep('12 hours')
    return (await on.registry.aliases.current('toy')).production !== production
  })
  await reaches(on, id, 'probation')
  await unheard(id, () => say(id, 'abort'))
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'reverted', reason: 'operator_abort' })
  expect(await on.registry.aliases.current('toy')).toEqual({ production, canary: null })
})

it('an abort before the first task ends a release that the registry knows of', async () => {
  let id = ''
  await on.withoutWorkflowWorker(async () => {
    id = await on.start('at-once')
    await say(id, 'abort')
  })
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'aborted', reason: 'operator_abort' })
  expect((await on.registry.runs.list('toy')).find((run) => run.workflowId === id)).toMatchObject({
    verdict: 'aborted',
  })
})

it('actions that arrive while it ends are refused, recorded, and do not stop it from ending', async () => {
  const id = await on.start('too-late', { policy })
  await exposed(on, id)
  await say(id, 'abort')
  const sent = await Promise.all(
    Array.from({ length: 12 }, async (_, word) => {
      const note = { by: 'ana', reason: 'storm', id: `word-${word}` }
      const taken = on.client.workflow.getHandle(id).signal('pause', note)
      return taken.then(
        () => note.id,
        () => null,
      )
    }),
  )
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'aborted' })
  const words = (await entriesOf(on, id, 'operator_action')).slice(1).map(({ body }) => body.id)
  // Every action that the server accepted is in the ledger once.
  expect(words.toSorted()).toEqual(sent.filter((word) => word !== null).toSorted())
})
