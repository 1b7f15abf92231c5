import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  ask,
  candidate,
  DECISIONS,
  type Gateway,
  keepAsking,
  logged,
  moveAlias,
  openCanary,
  openWorld,
  promote,
  setWeight,
  until,
  type World,
} from './support.js'

let world: World
let gateways: Gateway[]
beforeAll(async () => {
  world = await openWorld()
  gateways = [await world.gateway(), await world.gateway()]
})
afterAll(() => world?.stop())

describe('aliases move while two gateways are asked', () => {
  it('each decision belongs to one of the two tuples, none fails, and every gateway changes to the new one and back', async () => {
    const next = await candidate(world, 0.9)
    const asking = keepAsking(gateways.map(({ url }) => url))
    const arms = (from: number) =>
      new Set(asking.answered.slice(from).map(({ arm, releaseId }) => `${arm} ${releaseId}`))
    const allSay = (wanted: string[]) =>
      until(`only ${wanted.join(' and ')}`, async () => {
        const from = asking.answered.length
        await until('some answers', () => asking.answered.length > from + 100)
        // The first of them were under way.
        return [...arms(from + 20)].sort().join() === [...wanted].sort().join()
      })
    await allSay([`production ${world.baseline}`])
    await openCanary(world, next, 3_000)
    await allSay([`production ${world.baseline}`, `canary ${next.releaseId}`])
    await setWeight(world.registry, next.workflowId, 1, 6_000)
    await promote(world, next)
    // The old production keeps its holdback, the candidate has the rest.
    await allSay([`production ${next.releaseId}`, `holdback ${world.baseline}`])
    await moveAlias(world.registry, {
      alias: 'production',
      expected: next.releaseId,
      to: world.baseline,
      workflowId: next.workflowId,
      key: `${next.workflowId}:revert`,
    })
    await allSay([`production ${world.baseline}`])
    await asking.stop()
    expect(asking.failed).toEqual([])
    const rows = await logged(world)
    expect(rows.size).toBe(asking.answered.length)
    for (const { decisionId, releaseId, arm } of asking.answered)
      expect(rows.get(decisionId)).toMatchObject({ release_id: releaseId, arm })
  })

  it('a production that cannot be loaded changes nothing, and readiness says so', async () => {
    const { manifest } = await world.registry.releases.get(world.baseline)
    const gone = { ...manifest, model: { ...manifest.model, artifact: `sha256:${'1'.repeat(64)}` } }
    const { releaseId } = await world.registry.releases.register({
      project: 'toy',
      manifest: gone,
      workflowId: 'release/toy/lost',
    })
    const move = { alias: 'production' as const, workflowId: null }
    await moveAlias(world.registry, { ...move, expected: world.baseline, to: releaseId, key: 'lost:there' })
    const [gateway] = gateways
    await until('the problem is known', async () => {
      const { body } = (await gateway?.get('/readyz')) ?? {}
      return JSON.stringify(body).includes(`${releaseId} cannot be loaded`)
    })
    const { status, body } = (await gateway?.post(DECISIONS, ask('someone'))) ?? {}
    expect({ status, releaseId: body?.releaseId }).toEqual({ status: 200, releaseId: world.baseline })
    await moveAlias(world.registry, { ...move, expected: releaseId, to: world.baseline, key: 'lost:back' })
  })

  it('a canary that cannot be loaded gets no share, and readiness says so', async () => {
    const { manifest } = await world.registry.releases.get(world.baseline)
    const gone = { ...manifest, model: { ...manifest.model, artifact: `sha256:${'0'.repeat(64)}` } }
    const { releaseId } = await world.registry.releases.register({
      project: 'toy',
      manifest: gone,
      workflowId: 'release/toy/gone',
    })
    await openCanary(world, { releaseId, workflowId: 'release/toy/gone' }, 9_000)
    const [gateway] = gateways
    await until('the problem is known', async () => {
      const { body } = (await gateway?.get('/readyz')) ?? {}
      return JSON.stringify(body).includes('is missing from the store')
    })
    const asking = keepAsking(gateways.map(({ url }) => url))
    await until('answers', () => asking.answered.length > 200)
    await asking.stop()
    expect(asking.failed).toEqual([])
    expect(new Set(asking.answered.map((one) => one.releaseId))).toEqual(new Set([world.baseline]))
    await moveAlias(world.registry, {
      alias: 'canary',
      expected: releaseId,
      to: null,
      workflowId: 'release/toy/gone',
      key: 'gone:close',
    })
  })
})
