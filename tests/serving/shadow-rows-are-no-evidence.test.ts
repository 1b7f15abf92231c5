/** Rows of the shadow have labels and losses of their own, and count in no arm that is judged. */
import { afterEach, expect, it } from 'vitest'
import { DAY_MS } from '../../contracts/duration.js'
import type { PromotionPolicy } from '../../contracts/types.js'
import { gatherEvidence } from '../../releases/looks/gather-evidence.js'
import { canaryRequest } from '../support/canary-request.js'
import { shadowPolicy } from '../toy-project/policy.js'
import { followsShadow, openShadow, SHADOWED, shadowCounts, shadowRows, withCandidate } from './in-shadow.js'
import { ask, DECISIONS, type Gateway, OUTCOMES, openWorld, setWeight, until, type World } from './support.js'

let world: World
afterEach(() => world?.stop())

async function inShadow(
  projects = withCandidate((inputs) => inputs.map(() => ({ probability: 0.5 }))),
  policy: Partial<PromotionPolicy> = {},
) {
  world = await openWorld()
  const candidate = await openShadow(world, 10_000, policy)
  const gateway = await world.gateway({ projects, shadowLimits: { busy: 1 } })
  await followsShadow(gateway)
  return { gateway, candidate }
}

async function decide(gateway: Gateway, ids: readonly string[]) {
  for (const decisionId of ids) await gateway.post(DECISIONS, ask(`entity-${decisionId}`, { decisionId }))
  await until('all are scored', async () => (await shadowCounts(gateway)).scored === ids.length)
}

const deliver = (gateway: Gateway, labels: readonly (readonly [string, number])[], at = Date.now()) =>
  gateway.post(
    OUTCOMES,
    labels.map(([decisionId, label]) => ({ decisionId, label, observedAt: new Date(at).toISOString() })),
  )

const losses = async () => Object.fromEntries((await shadowRows(world)).map(({ id, loss }) => [id, loss]))

it('the label of production is copied with a loss of its own, and so is its correction', async () => {
  const { gateway } = await inShadow()
  await decide(gateway, ['a', 'b'])
  const labelled = [
    ['a', 1],
    ['b', 0],
  ] as const
  // Counted as production's labels alone.
  expect((await deliver(gateway, labelled)).body).toMatchObject({ accepted: 2, corrections: 0, unknown: 0 })
  // Production warns, the candidate does not: 5 and 0 against 0 and 1.
  expect(await losses()).toEqual({ 'a~shadow': 5, 'b~shadow': 0 })
  expect((await deliver(gateway, [['a', 0]], Date.now() + 1)).body).toMatchObject({ corrections: 1 })
  expect(await losses()).toEqual({ 'a~shadow': 0, 'b~shadow': 0 })
  expect((await deliver(gateway, [['a~shadow', 1]])).body).toMatchObject({
    accepted: 0,
    rejected: [{ decisionId: 'a~shadow', problem: expect.stringContaining('decision of production') as string }],
  })
})

it('a label that arrives before the candidate has scored is copied afterwards', async () => {
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const score = async (inputs: readonly unknown[]) => {
    await released
    return inputs.map(() => ({ probability: 0.5 }))
  }
  const { gateway } = await inShadow(withCandidate(score))
  await gateway.post(DECISIONS, ask('entity', { decisionId: 'a' }))
  expect((await deliver(gateway, [['a', 1]])).body).toMatchObject({ accepted: 1 })
  release()
  await until('the label is copied', async () => (await losses())['a~shadow'] === 5)
})

it('labels that may depend on the action are not copied', async () => {
  const score = (inputs: readonly unknown[]) => inputs.map(() => ({ probability: 0.5 }))
  const { gateway } = await inShadow(withCandidate(score, { labelsIndependentOfAction: false }))
  await decide(gateway, ['a'])
  await deliver(gateway, [['a', 1]])
  expect(await losses()).toEqual({ 'a~shadow': null })
})

it('coverage and trace show the arm; a look of the canary, and its monitor, do not count it', async () => {
  const { gateway, candidate } = await inShadow()
  await decide(gateway, ['a', 'b', 'c'])
  await deliver(gateway, [['a', 1]])
  const coverage = await gateway.get(`/v1/projects/toy/coverage?run=${encodeURIComponent(SHADOWED)}`)
  const arms = coverage.body.arms as { arm: string; exposed: number; labelled: number }[]
  expect(arms.map(({ arm, exposed, labelled }) => [arm, exposed, labelled])).toEqual([
    ['production', 3, 1],
    ['shadow', 3, 1],
  ])
  const { body: aliases } = await gateway.get('/v1/projects/toy/aliases')
  expect(aliases.split).toMatchObject({ phase: 'shadow', arm: 'shadow', basisPoints: 0 })
  const traced = await gateway.get('/v1/decisions/a~shadow/trace')
  const links = traced.body.links as { name: string; status: string; says: string }[]
  expect(links.find(({ name }) => name === 'split')?.says).toContain('production answered')
  for (const name of ['split', 'alias', 'output', 'outcome'])
    expect(links.find((link) => link.name === name)).toMatchObject({ status: 'intact' })

  // The canary of the same run, as if it had opened on the day of the shadow.
  await setWeight(world.registry, SHADOWED, 0, 1_000)
  await until(
    'the canary has begun',
    () => gateway.service.follower.state('toy').tuples?.record.run?.phase === 'canary',
  )
  const opened = Math.floor(Date.now() / DAY_MS) * DAY_MS
  const request = canaryRequest(SHADOWED, opened, { candidate, reference: world.baseline, policy: shadowPolicy })
  const evidence = await gatherEvidence(world.registry, request, {
    steps: [],
    newest: undefined,
    breaches: [],
    asOf: opened + 3 * DAY_MS,
    cut: await world.registry.evidence.databaseSnapshot(),
  })
  expect(evidence.cohorts.map(({ arm, exposed }) => [arm, exposed])).toEqual([['production', 3]])
})

it('how often the candidate would have acted otherwise, and by how much its output differs', async () => {
  const score = (inputs: readonly unknown[]) =>
    inputs.map((input) => {
      if ((input as { z: number }).z === 1) throw new Error('no')
      return { probability: 0.5 }
    })
  const { gateway, candidate } = await inShadow(withCandidate(score))
  const from = Date.now() - 60_000
  const { body } = await gateway.post(DECISIONS, ask('a', { decisionId: 'a' }))
  await gateway.post(DECISIONS, ask('b', { decisionId: 'b', input: { x: 0, z: 1 } }))
  await until('both are stored', async () => (await shadowRows(world)).length === 2)
  const query = { project: 'toy', workflowId: SHADOWED, releaseId: candidate, from, asOf: Date.now() + 60_000 }
  const difference = Math.abs(0.5 - ((body.output as { probability: number }).probability ?? Number.NaN))
  const found = await world.registry.evidence.shadowNumbers({ ...query, source: 'live' })
  expect(found).toMatchObject({ compared: 2, failed: 1, otherActions: 1 })
  for (const value of Object.values(found.differences ?? {})) expect(value).toBeCloseTo(difference, 12)
  expect(found.differences).not.toBeNull()
  expect(found).not.toHaveProperty('segments')
})

it('the same by segment of the policy: one that is decided otherwise is not hidden by the others', async () => {
  const score = (inputs: readonly unknown[]) =>
    inputs.map((input) => {
      if ((input as { z: number }).z === 1) throw new Error('no')
      return { probability: 0.5 }
    })
  const of = [0, 1].map((value) => ({ name: `z is ${value}`, where: [{ field: 'z', in: [value] }] }))
  const segments = { onHarm: 'hold' as const, of: [...of, { name: 'all', where: [{ field: 'z', atLeast: 0 }] }] }
  const { gateway, candidate } = await inShadow(withCandidate(score), { segments })
  const from = Date.now() - 60_000
  for (const [id, z] of [
    ['a', 0],
    ['b', 1],
    ['c', 0],
  ] as const)
    await gateway.post(DECISIONS, ask(id, { decisionId: id, input: { x: 0, z } }))
  await until('all are stored', async () => (await shadowRows(world)).length === 3)
  const query = { project: 'toy', workflowId: SHADOWED, releaseId: candidate, from, asOf: Date.now() + 60_000 }
  const found = await world.registry.evidence.shadowNumbers({ ...query, source: 'live' })
  const { p99 } = found.differences ?? {}
  expect(found).toMatchObject({ compared: 3, failed: 1, otherActions: 2 })
  expect(found.segments).toEqual([
    { segment: 'all', compared: 3, failed: 1, otherActions: 2, p99 },
    { segment: 'z is 0', compared: 2, failed: 0, otherActions: 2, p99 },
    { segment: 'z is 1', compared: 1, failed: 1, otherActions: 0, p99: null },
  ])
})
