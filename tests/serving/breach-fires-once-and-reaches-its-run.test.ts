import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MonitorSignal, ReleaseManifest } from '../../contracts/types.js'
import { breachesOf } from '../../exposure/breaches.js'
import type { Project } from '../../projects/project.js'
import { openRegistry, type Registry } from '../../registry/index.js'
import { createMonitor } from '../../serving/monitors/monitor.js'
import { project } from '../toy-project/index.js'
import { ask, DECISIONS, type Gateway, inputOf, openCanary, openWorld, type World, weighs } from './support.js'

const signal = (name: string, more: Partial<MonitorSignal> = {}): MonitorSignal => ({
  name,
  clock: 'rollback_event',
  threshold: 0.2,
  breachWhen: 'above',
  window: '1h',
  power: 'rollback',
  ...more,
})
const measured = (value: number, decisions = 100) => ({
  arm: 'canary' as const,
  from: 0,
  to: 36e5,
  decisions,
  numbers: { share: value },
})

describe('the evaluator', () => {
  it('fires beyond the threshold and not at it, on the side that was declared', () => {
    const fires = (one: MonitorSignal, value: number) => breachesOf([one], measured(value), 0).length === 1
    expect([0.19, 0.2, 0.21].map((value) => fires(signal('share'), value))).toEqual([false, false, true])
    expect([0.19, 0.2, 0.21].map((value) => fires(signal('share', { breachWhen: 'below' }), value))).toEqual([
      true,
      false,
      false,
    ])
  })

  it('does not fire for a signal that was not measured, is not a number, or has too few decisions', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY])
      expect(breachesOf([signal('share')], measured(value), 0)).toEqual([])
    expect(breachesOf([signal('other')], measured(1), 0)).toEqual([])
    expect(breachesOf([signal('share')], measured(1, 19), 0)).toEqual([])
  })

  it('needs only one decision if the threshold is 0', () => {
    expect(breachesOf([signal('share', { threshold: 0 })], measured(1, 1), 0)).toHaveLength(1)
  })

  it('records the numbers that made it fire', () => {
    expect(breachesOf([signal('share')], measured(0.5), 3_600_000)).toEqual([
      {
        signal: 'share',
        arm: 'canary',
        value: 0.5,
        threshold: 0.2,
        power: 'rollback',
        clock: 'rollback_event',
        at: '1970-01-01T01:00:00.000Z',
        breachWhen: 'above',
        decisions: 100,
        numbers: { share: 0.5 },
        window: { from: '1970-01-01T00:00:00.000Z', to: '1970-01-01T01:00:00.000Z' },
      },
    ])
  })
})

describe('over live traffic', () => {
  let world: World
  let gateway: Gateway
  const signalled: string[] = []
  const workflowId = 'release/toy/monitored'
  const monitored: Project<{ x: number; z: number }> = {
    ...project,
    measure: ({ decisions }) => ({ z_share: decisions.filter(({ input }) => input.z === 1).length / decisions.length }),
  }
  const breaches = () => world.registry.ledger.entries('toy', { kind: 'breach', subject: workflowId })
  const look = async () => {
    const { tuples } = gateway.service.follower.state('toy')
    return tuples ? gateway.service.monitor('toy').look(tuples) : []
  }
  const send = async (count: number, input: object) => {
    const asked = Array.from({ length: count }, (_, index) =>
      gateway.post(DECISIONS, ask(`entity-${index}`, { input })),
    )
    return Promise.all(asked)
  }

  beforeAll(async () => {
    world = await openWorld()
    gateway = await world.gateway({
      projects: new Map([['toy', monitored as Project]]),
      // This test looks by itself: a look of the service's own might take a breach before it.
      watchMs: 3_600_000,
      signalBreach: async (id, power) => void signalled.push(`${id} ${power}`),
    })
    const { manifest } = await world.registry.releases.get(world.baseline)
    const signals = [
      signal('z_share'),
      signal('z_share', { name: 'error_share', clock: 'service_health', threshold: 0.1, window: '5m' }),
    ]
    const changed: ReleaseManifest = { ...manifest, monitor: { version: 'toy_monitor_v2', signals } }
    const { releaseId } = await world.registry.releases.register({ project: 'toy', manifest: changed, workflowId })
    await openCanary(world, { releaseId, workflowId }, 5_000, inputOf(workflowId))
    await weighs(gateway, 5_000)
    await look()
  })
  afterAll(() => world?.stop())

  it('nothing fires on good traffic', async () => {
    await send(200, { x: 1, z: 0 })
    expect(await look()).toEqual([])
    expect(await breaches()).toEqual([])
  })

  it('is stored with its numbers once per window, and signals the run', async () => {
    await send(200, { x: 1, z: 1 })
    // At the same time, as a slow look and the next one may be.
    const [fired, second] = await Promise.all([look(), look()])
    expect(second).toEqual([])
    expect(fired.map(({ signal: name, arm }) => `${name} ${arm}`).sort()).toEqual([
      'z_share canary',
      'z_share production',
    ])
    expect((await breaches()).map(({ body }) => body)).toEqual(fired.map((one) => ({ ...one, phase: 'canary' })))
    expect(fired[0]).toMatchObject({
      value: 0.5,
      threshold: 0.2,
      decisions: expect.any(Number) as number,
      numbers: { z_share: 0.5 },
    })
    expect(signalled).toEqual([`${workflowId} rollback`])
    expect(await look()).toEqual([])
    expect(signalled).toEqual([`${workflowId} rollback`])
    const metrics = (await gateway.get('/metrics')).body.text
    expect(metrics).toContain('slipway_signal{project="toy",arm="canary",signal="z_share"} 0.5')
  })

  it('failed scorings are measured in the arm of the release', async () => {
    const { tuples } = gateway.service.follower.state('toy')
    const scorer = tuples?.other?.scorer as { score: unknown }
    const before = scorer.score
    scorer.score = () => [{ probability: Number.NaN }]
    const answers = await send(200, { x: 1, z: 0 })
    scorer.score = before
    const statuses = new Set(answers.map(({ status }) => status))
    expect([...statuses].sort()).toEqual([200, 500])
    const fired = await look()
    expect(fired.map(({ signal: name, arm }) => `${name} ${arm}`)).toEqual(['error_share canary'])
  })

  describe('of gateways whose clocks differ', () => {
    let ledgerNow = 0
    const held: string[] = []
    let ledger: Registry
    beforeAll(async () => {
      // After every entry so far: times of the ledger never decrease.
      ledgerNow = Date.now() + 60_000
      ledger = await openRegistry({
        databaseUrl: world.databaseUrl,
        artifactsFolder: world.folder,
        now: () => ledgerNow,
      })
    })
    afterAll(() => ledger?.close())

    /** A gateway that answers a compressed or a real run. @param skew how far its clock is ahead of the ledger's */
    const gatewayOf = (id: string, { speed = 1, skew = 0 } = {}) => {
      const { tuples } = gateway.service.follower.state('toy')
      if (!tuples?.record.run) throw new Error('nothing is exposed')
      const { run } = tuples.record
      const clock = { eventStart: Date.parse('2001-01-20'), wallStart: ledgerNow, speed }
      const changed = { ...run, workflowId: id, input: { ...run.input, clock } }
      const now = () => ledgerNow + skew
      const hold = async ({ workflowId }: { workflowId: string }) => void held.push(workflowId)
      const registry = { ledger: ledger.ledger, exposure: { hold } }
      const monitor = createMonitor({ registry, now, signalBreach: async () => {} })
      const seen = { ...tuples, record: { ...tuples.record, run: changed } }
      return async (): Promise<number> => {
        // A monitor that meets a run forgets what was before it.
        const before = await monitor.look(seen)
        for (let index = 0; index < 30; index += 1) monitor.served('canary', { at: now(), ms: 1, failed: true })
        return [...before, ...(await monitor.look(seen))].length
      }
    }

    it('with time compressed, service health fires once a window of wall time, not at every look', async () => {
      const fires = gatewayOf('release/toy/compressed', { speed: 40_000 })
      const fired = async (afterMs: number) => {
        ledgerNow += afterMs
        return fires()
      }
      expect([await fired(0), await fired(5_000), await fired(200_000), await fired(100_000)]).toEqual([1, 0, 0, 1])
      // No wider step begins before a look has acted on it.
      expect(held).toEqual(['release/toy/compressed', 'release/toy/compressed'])
    })

    it.each([
      ['ahead', 3_600_000],
      ['behind', -3_600_000],
    ])(
      'a breach of one that is an hour %s hides those of the others for one window, not longer',
      async (where, skew) => {
        const run = `release/toy/skew-${where}`
        const [skewed, right] = [gatewayOf(run, { skew }), gatewayOf(run)]
        expect(await skewed()).toBe(1)
        ledgerNow += 299_000
        expect([await right(), await skewed()]).toEqual([0, 0])
        ledgerNow += 2_000
        expect(await right()).toBe(1)
        expect(await skewed()).toBe(0)
      },
    )
  })
})
