/** The real workflow on a dev server, judged only on HTTP traffic and its labels; time runs 40,000 times as fast. */

import { join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { NativeConnection } from '@temporalio/worker'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventNow, type ReleaseClock } from '../../contracts/clock.js'
import { breachSignal } from '../../contracts/messages.js'
import type { PromotionPolicy } from '../../contracts/types.js'
import { startTemporalDevServer } from '../../embedded/temporal-server.js'
import type { Project } from '../../projects/project.js'
import { startRelease } from '../../releases/start-release.js'
import { followReleases } from '../../traffic/follow-releases.js'
import type { TrafficCounts } from '../../traffic/messages.js'
import { startWorkers } from '../../workers/create-workers.js'
import { TOY_PROJECT } from '../support/harness.js'
import { quietRuntime } from '../support/quiet-runtime.js'
import { testBundle } from '../support/workflow-bundle.js'
import { project } from '../toy-project/index.js'
import { toyPolicy } from '../toy-project/policy.js'
import { type Gateway, logged, OUTCOMES, openWorld, type World } from './support.js'

const SPEED = 40_000
const policy: PromotionPolicy = {
  ...toyPolicy,
  steps: [{ weight: 5_000, atLeast: '1d' }],
  probation: { holdback: 1_000, lasts: '1d' },
}

let world: World
let gateway: Gateway
let client: Client
beforeAll(async () => {
  quietRuntime()
  process.env.SLIPWAY_PROJECTS = TOY_PROJECT
  world = await openWorld()
  const server = await startTemporalDevServer({ home: world.folder, inMemory: true })
  world.closing(() => server.stop())
  const connection = await Connection.connect({ address: server.address })
  world.closing(() => connection.close())
  client = new Client({ connection })
  const native = await NativeConnection.connect({ address: server.address })
  world.closing(() => native.close())
  const projects = new Map([['toy', project as Project]])
  const deps = { ...world, projects, now: Date.now, workFolder: world.folder }
  const workers = await startWorkers({
    connection: native,
    deps,
    workflowBundle: await testBundle(),
    housekeepingMs: 100,
  })
  world.closing(() => workers.shutdown())
  gateway = await world.gateway({ signalBreach: (id) => client.workflow.getHandle(id).signal(breachSignal) })
})
afterAll(() => world?.stop())

/** Starts a release that is judged on live traffic, and sends that traffic until its verdict. */
async function release(trigger: string, parameters: Record<string, boolean | number>, given = policy) {
  const wallStart = Date.now()
  const cutoff = '2001-01-20T00:00:00.000Z'
  const clock = { eventStart: Date.parse(cutoff), wallStart, speed: SPEED }
  const { workflowId } = await startRelease(client, {
    trigger: {
      project: 'toy',
      id: trigger,
      kind: 'cli',
      by: 'test',
      at: new Date(wallStart).toISOString(),
      cutoff,
      parameters,
      evidence: 'live',
    },
    policy: given,
    clock,
  })
  const stopped = new AbortController()
  const clocks: ReleaseClock[] = []
  const counts: TrafficCounts[] = []
  const following = followReleases(project as Project, {
    url: gateway.url,
    folder: join(world.folder, trigger),
    signal: stopped.signal,
    onRun: (split) => clocks.push(split.clock),
    onEnd: (_, sent) => counts.push(sent),
  })
  const result = (await client.workflow.getHandle(workflowId).result()) as Record<string, unknown>
  stopped.abort()
  await following
  return { workflowId, result, clocks, counts, wallStart, eventStart: clock.eventStart }
}

it('rolled back by a rollback event that the gateway saw, days before labels could tell', async () => {
  const { production } = await world.registry.aliases.current('toy')
  // Labels alone decide nothing here, however soon they come.
  const undecidable = { ...policy, judge: { ...policy.judge, minMature: 1_000_000 } }
  const { workflowId, result } = await release('live-certain', { certain: true }, undecidable)
  expect(result).toMatchObject({ verdict: 'rolled_back', reason: 'breach:certain_share' })
  expect(await world.registry.aliases.current('toy')).toEqual({ production, canary: null })
  const [breach] = await world.registry.ledger.entries('toy', { kind: 'breach', subject: workflowId })
  expect(breach?.body).toMatchObject({
    signal: 'certain_share',
    arm: 'canary',
    numbers: { certain_share: expect.any(Number) as number },
  })
})

it('promoted on matured live labels, with a holdback afterwards; nothing was replayed', async () => {
  const { workflowId, result, counts, clocks, wallStart, eventStart } = await release('live-good', {
    epochs: 6,
    epochMs: 300,
  })
  expect(result).toMatchObject({ verdict: 'promoted', reason: 'non_inferior' })
  expect((await world.registry.aliases.current('toy')).production).toBe(result.releaseId)
  expect(counts.map(({ rejected }) => rejected)).toEqual([0])
  // Its clock began with the canary, not with the training before it: in the ledger, and so in the answers of the
  // service.
  const [begun, ...more] = await world.registry.ledger.entries('toy', { kind: 'clock', subject: workflowId })
  expect(more).toEqual([])
  expect(clocks).toEqual([begun?.body])
  expect(clocks[0]).toMatchObject({ eventStart, speed: SPEED })
  const canary = (await world.registry.aliases.history('toy')).find((move) => move.workflowId === workflowId)
  expect(clocks[0]?.wallStart).toBeGreaterThan(wallStart + 1_000)
  expect(clocks[0]?.wallStart).toBeGreaterThanOrEqual(Date.parse(canary?.at ?? ''))
  const mine = [...(await logged(world)).values()].filter((row) => row.workflow_id === workflowId)
  expect(new Set(mine.map(({ source }) => source))).toEqual(new Set(['live']))
  expect(new Set(mine.map(({ arm, release_id: id }) => `${arm} ${id}`))).toEqual(
    new Set([
      `production ${world.baseline}`,
      `canary ${result.releaseId}`,
      `production ${result.releaseId}`,
      `holdback ${world.baseline}`,
    ]),
  )
  // Every judgement cites its database snapshot, and the same snapshot gives the same cohorts again.
  const looks = await world.registry.ledger.entries('toy', { kind: 'judgement', subject: workflowId })
  expect(looks.length).toBeGreaterThan(2)
  for (const { body } of looks) {
    const { cut, cohorts, judgement } = body as unknown as {
      cut: string
      cohorts: { day: string; arm: string; lossSum: number; exposed: number }[]
      judgement: { numbers: { asOf: string } }
    }
    const asOf = Date.parse(judgement.numbers.asOf)
    const query = { project: 'toy', workflowId, asOf, labelHorizonMs: 86_400_000, source: 'live' as const, cut }
    const again = await world.registry.evidence.cohorts(query)
    for (const { day, arm, lossSum, exposed } of cohorts)
      expect(again).toContainEqual(expect.objectContaining({ day, arm, lossSum, exposed }))
  }

  // A label corrected afterwards, over HTTP like any other, stands beside the verdict without anybody's asking.
  const decided = await world.registry.evidence.decisionsById(
    'toy',
    [...(await logged(world))].filter(([, row]) => row.workflow_id === workflowId).map(([id]) => id),
  )
  const early = decided.filter(({ eventAt, arm }) => arm === 'canary' && Date.parse(eventAt) < eventStart + 86_400_000)
  const labels = await Promise.all(
    early.slice(0, 20).map(({ decisionId }) => world.registry.labels.outcomesOf('toy', decisionId)),
  )
  const observedAt = new Date(eventNow(clocks[0] as ReleaseClock, Date.now())).toISOString()
  const corrected = labels.flatMap(([first]) =>
    first ? [{ decisionId: first.decisionId, label: first.label === 1 ? 0 : 1, observedAt }] : [],
  )
  expect((await gateway.post(OUTCOMES, corrected)).body).toMatchObject({ corrections: corrected.length })
  const corrections = () => world.registry.ledger.entries('toy', { kind: 'label_correction', subject: workflowId })
  await expect.poll(async () => (await corrections()).length, { timeout: 60_000 }).toBe(1)
  expect((await corrections())[0]?.body).toMatchObject({ arms: [{ arm: 'canary', corrected: corrected.length }] })
})
