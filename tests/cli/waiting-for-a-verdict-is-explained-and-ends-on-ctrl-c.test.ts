/** `slipway release start --wait` says what it waits for and how to leave, and its exit code can be relied on in CI. */
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { earliestVerdictText } from '../../cli/views/waiting-view.js'
import { runStatus } from '../../releases/run-status.js'
import { inputOf } from '../serving/support.js'
import { appendAnything } from '../support/append-anything.js'
import { type ProjectServer, projectServer } from '../support/project-server.js'
import { slipway } from '../support/slipway.js'
import { type RunningSlipway, startSlipway } from '../support/slipway-process.js'
import { operate } from '../support/steer.js'
import { toyPolicy } from '../toy-project/policy.js'

const FOLDER = fileURLToPath(new URL('../watched-project', import.meta.url))

let on: ProjectServer
let running: RunningSlipway | undefined
beforeAll(async () => {
  // Trainer processes find the project by this.
  process.env.SLIPWAY_PROJECTS = FOLDER
  on = await projectServer([FOLDER])
})
afterAll(async () => {
  await running?.clear()
  await on?.close()
})

/** A command that hangs would wait for weeks; one on a busy machine ends within this. */
const HANGS_AFTER_MS = 60_000

it('weeks of waiting are announced with the remedy, a pause with its cause, and Ctrl-C ends only the command', async () => {
  const id = 'release/toy/weeks'
  const args = ['release', 'start', 'toy', '--trigger', 'weeks', '--cutoff', '2001-01-20', '--wait']
  running = startSlipway(args, on.environment.SLIPWAY_HOME ?? '', on.environment)
  await running.until(/the earliest verdict of its canary comes 3 days after the canary opens, not before \d{4}-/)
  await running.until(/with --speed 10000 the same takes minutes; end this one with: slipway release abort /)
  await running.until(/Ctrl-C ends this command only, the release continues: slipway release watch /)
  await running.until(/canary: step 1 of 2, 10 % of traffic, waiting for matured labels/)
  await operate(on, id, 'pause', { reason: 'storm over the hubs' })
  await running.until(
    /paused: by ana \(storm over the hubs\)\n {2}continue it with: slipway release resume release\/toy/,
  )
  running.signal('SIGINT')
  const code = await Promise.race([running.ended, sleep(HANGS_AFTER_MS, 'still alive', { ref: false })])
  expect(code, running.output()).toBe(1)
  expect(await runStatus(on.client, id)).toBe('RUNNING')
  await operate(on, id, 'abort')
})

it('the announced times follow the policy, the speed and the source of the evidence', () => {
  const input = inputOf('release/toy/any', { evidence: 'replay' })
  const text = (change: object) => earliestVerdictText('release/toy/any', { ...input, ...change }, 0)
  const clock = { eventStart: 0, wallStart: 0, speed: 1 }
  expect(text({ policy: { ...toyPolicy, labelHorizon: '7d' }, clock })).toContain('comes 8 days after')
  const fast = text({ policy: toyPolicy, clock: { ...clock, speed: 40_000 } })
  expect(fast).toContain('comes 6.5 seconds after')
  expect(fast).not.toContain('--speed')
  const live = text({ policy: toyPolicy, clock, trigger: { ...input.trigger, evidence: 'live' } })
  expect(live).toContain('cannot be sped up')
})

const remember = async (trigger: string, verdict: string) => {
  const subject = `release/toy/${trigger}`
  const of = (kind: 'trigger' | 'verdict', body: object) =>
    appendAnything(on.registry, { project: 'toy', kind, subject, key: `${subject}:${kind}`, body: { ...body } })
  await of('trigger', inputOf(subject))
  await of('verdict', {
    project: 'toy',
    workflowId: subject,
    releaseId: null,
    verdict,
    reason: 'any',
    detail: 'any',
  })
}

it('--fail-unless gives each verdict the exit code that CI asked for', async () => {
  const codes: Record<string, unknown> = {}
  for (const verdict of ['promoted', 'held', 'rolled_back', 'failed'] as const) {
    await remember(verdict, verdict)
    const start = ['release', 'start', 'toy', '--trigger', verdict, '--wait']
    const code = async (...args: string[]) => (await slipway([...start, ...args], on.environment)).code
    codes[verdict] = [
      await code(),
      await code('--fail-unless', 'promoted'),
      await code('--fail-unless', 'not-rolled-back'),
    ]
  }
  expect(codes).toEqual({ promoted: [0, 0, 0], held: [0, 1, 0], rolled_back: [0, 1, 1], failed: [1, 1, 1] })
  const watch = await slipway(['release', 'watch', 'release/toy/held', '--fail-unless', 'promoted'], on.environment)
  expect(watch.code).toBe(1)
  const alone = await slipway(['release', 'start', 'toy', '--fail-unless', 'promoted'], on.environment)
  expect(alone).toMatchObject({ code: 2, stderr: expect.stringContaining('--fail-unless needs --wait') as string })
})
