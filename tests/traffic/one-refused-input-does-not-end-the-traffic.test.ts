/** The client of historical events sends the others when the service refuses one, and says how many and why. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { serviceHere } from '../../cli/commands/traffic.js'
import { shadowIdOf } from '../../contracts/shadow-decisions.js'
import { eventDecisionId } from '../../projects/event-decision-id.js'
import type { Project, ReplayEvent } from '../../projects/project.js'
import { sendTraffic } from '../../traffic/send.js'
import { type Gateway, logged, openWorld, type World } from '../serving/support.js'
import { project as toy } from '../toy-project/index.js'

let world: World
let gateway: Gateway
beforeAll(async () => {
  world = await openWorld()
  gateway = await world.gateway()
})
afterAll(() => world?.stop())

const HOUR_MS = 3_600_000
const START = Date.parse('2001-01-20T00:00:00Z')

/** @param fits for each event whether its input fits the project */
const send = (name: string, fits: readonly boolean[], idOf = (index: number) => `e${index}`) => {
  const events = fits.map(
    (good, index): ReplayEvent => ({
      id: idOf(index),
      entityKey: `parcel-${index}`,
      // Later than the instant at which the client begins.
      at: START + (index + 1) * HOUR_MS,
      input: { x: good ? 1 : 5, z: 0 },
      label: null,
      knownAt: null,
    }),
  )
  const project: Project = {
    ...(toy as Project),
    async *replay() {
      yield* events
    },
  }
  return sendTraffic(project, {
    url: gateway.url,
    clock: { eventStart: START, wallStart: Date.now(), speed: 20_000 },
    name,
    until: START + 24 * HOUR_MS,
    signal: new AbortController().signal,
  })
}

it('one input that does not fit: the other events are sent, and it is counted with its reason', async () => {
  const counts = await send('one', [true, false, true])
  expect(counts).toMatchObject({ decided: 2, refused: 1, firstRefusal: expect.stringContaining('422') as string })
})

it('ids that are as long as a cell of a file: each event is sent, with an id of its own', async () => {
  const name = `traffic/release/${'p'.repeat(40)}/${'t'.repeat(80)}`
  const counts = await send(name, [true, true], (index) => `${'€'.repeat(index === 0 ? 50_000 : 300)}${index}`)
  expect(counts).toMatchObject({ decided: 2, refused: 0 })
  const ids = [...(await logged(world)).keys()].filter((id) => id.startsWith(name))
  expect(ids).toHaveLength(2)
  expect(ids.every((id) => id.length <= 200)).toBe(true)
})

it('the longest id that a replay writes as it is fits every index, with its label and in the shadow', async () => {
  const odd = Array.from({ length: 600 }, (_, index) => String.fromCharCode(0x4e00 + ((index * 7_919) % 20_000)))
  const run = `release/${'p'.repeat(40)}/${'t'.repeat(80)}`
  const longest = eventDecisionId(run, odd.slice(0, 500 - run.length - 1).join(''))
  expect(longest).toHaveLength(500)
  expect(eventDecisionId(run, odd.join(''))).toMatch(/:sha256-[\w-]{43}$/)
  const decision = {
    workflowId: run,
    releaseId: 'toy_v1',
    arm: 'canary',
    entityHash: 'a',
    eventAt: START,
    output: {},
    action: 'warn',
    expectedLoss: null,
  } as const
  const ids = [longest, shadowIdOf(longest)]
  await world.registry.evidence.recordDecisions(
    'toy',
    ids.map((decisionId) => ({ ...decision, decisionId })),
  )
  const labels = ids.map((decisionId) => ({ decisionId, label: 1, loss: 0, observedAt: START }))
  await world.registry.labels.setAside('toy', labels)
  expect(await world.registry.labels.add('toy', labels)).toEqual(['first', 'first'])
})

it('no input that fits: an error, with the first reason', async () => {
  await expect(send('none', [false, false])).rejects.toThrow(/all 2 requests were refused; the first: .*422/)
})

it.each([
  [{}, 'http://127.0.0.1:7070'],
  [{ SLIPWAY_BIND: '10.0.0.7', SLIPWAY_PORT: '8080' }, 'http://10.0.0.7:8080'],
  [{ SLIPWAY_BIND: 'fd00::7' }, 'http://[fd00::7]:7070'],
  [{ SLIPWAY_BIND: '0.0.0.0' }, 'http://127.0.0.1:7070'],
  [{ SLIPWAY_BIND: '::' }, 'http://[::1]:7070'],
])('the service of this machine is asked where it listens: %j', (environment, url) => {
  expect(serviceHere(environment as NodeJS.ProcessEnv)).toBe(url)
})
