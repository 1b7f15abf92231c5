import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DAY_MS } from '../../contracts/duration.js'
import { FAILURE_LABEL, failureLossOf } from '../../contracts/scoring-failure.js'
import type { LoadedRelease, Project } from '../../projects/project.js'
import { createReleaseLoader } from '../../releases/load-release.js'
import { requirePolicyThatCanDecide } from '../../releases/policy-that-can-decide.js'
import { replayTraffic } from '../../releases/replay/replay-traffic.js'
import { canaryRequest } from '../support/canary-request.js'
import { eventually } from '../support/steer.js'
import { project } from '../toy-project/index.js'
import { toyPolicy } from '../toy-project/policy.js'
import { candidate, DECISIONS, type Gateway, inputOf, OUTCOMES, openCanary, openWorld, weighs } from './support.js'

const FAILURE_LOSS = 5
const policy = {
  ...toyPolicy,
  schema: 'slipway.policy/2',
  judge: { ...toyPolicy.judge, failureLoss: FAILURE_LOSS },
} as const
const THRESHOLD = 0.9

/** Releases with the candidate's threshold cannot score an input with z 1. */
const failsOnHardInputs: Project = {
  ...(project as Project),
  async load(release) {
    const scorer = await project.load(release)
    if ((release as LoadedRelease).actionPolicy.parameters.threshold !== THRESHOLD) return scorer
    return {
      score(inputs) {
        if (inputs.some((input) => (input as { z: number }).z === 1)) throw new RangeError('z 1 is too hard')
        return scorer.score(inputs as never)
      },
    }
  },
}
const projects = new Map([['toy', failsOnHardInputs]])
const hard = (entityKey: string, more: object = {}) => ({ entityKey, input: { x: 1, z: 1 }, ...more })

async function opened(options: { own?: boolean } = {}, judgedBy: typeof toyPolicy | typeof policy = policy) {
  const world = await openWorld(options)
  const run = await candidate(world, THRESHOLD)
  await openCanary(world, run, 9_000, { ...inputOf(run.workflowId), policy: judgedBy })
  const gateway = await world.gateway({ projects })
  await weighs(gateway, 9_000)
  return { world, run, gateway }
}

/** Asks about hard inputs until one falls into the canary. */
async function hardInCanary(gateway: Gateway, more: object = {}) {
  for (let key = 0; key < 50; key += 1) {
    const answer = await gateway.post(DECISIONS, hard(`entity ${key}`, { decisionId: `hard ${key}`, ...more }))
    if (answer.status !== 200 || answer.body.arm === 'canary') return answer
  }
  throw new Error('none of 50 entities is in a canary of 90 %')
}

describe('a candidate that cannot score an input', () => {
  let on: Awaited<ReturnType<typeof opened>>
  beforeAll(async () => {
    on = await opened()
  })
  afterAll(() => on?.world.stop())

  it('has the input answered by production, and the answer says so', async () => {
    const { status, body } = await hardInCanary(on.gateway)
    expect(status).toBe(200)
    expect(body).toMatchObject({ arm: 'canary', releaseId: on.world.baseline, fallback: true })
    const again = await on.gateway.post(DECISIONS, hard('again', { decisionId: body.decisionId }))
    expect(again.body).toEqual(body)
    const easy = await on.gateway.post(DECISIONS, { entityKey: 'easy', input: { x: 1, z: 0 } })
    expect(easy.body).not.toHaveProperty('fallback')
  })

  it('is charged with the loss of a failure at once, whatever label follows', async () => {
    const { body } = await hardInCanary(on.gateway)
    const decisionId = String(body.decisionId)
    const outcomes = () => on.world.registry.labels.outcomesOf('toy', decisionId)
    expect(await outcomes()).toMatchObject([{ version: 1, label: FAILURE_LABEL, loss: FAILURE_LOSS }])
    const label = [{ decisionId, label: 0, observedAt: new Date().toISOString() }]
    const delivered = await on.gateway.post(OUTCOMES, label)
    expect(delivered.body).toMatchObject({ accepted: 1, corrections: 0, duplicates: 0 })
    expect((await on.gateway.post(OUTCOMES, label)).body).toMatchObject({ accepted: 0, duplicates: 1 })
    expect(await outcomes()).toMatchObject([
      { version: 1, loss: FAILURE_LOSS },
      { version: 2, label: { ...(FAILURE_LABEL as object), label: 0 }, loss: FAILURE_LOSS },
    ])
    const trace = (await on.gateway.get(`/v1/decisions/${encodeURIComponent(decisionId)}/trace`)).body
    expect(trace).toMatchObject({ intact: true })
    const links = trace.links as { name: string; says: string }[]
    expect(links.find(({ name }) => name === 'outcome')?.says).toContain('could not score the input')
  })

  it('is not charged for an id whose first answer was its own', async () => {
    const decisionId = 'answered before'
    const easy = await on.gateway.post(DECISIONS, { entityKey: 'own', input: { x: 1, z: 0 }, decisionId })
    expect(easy.status).toBe(200)
    expect((await on.gateway.post(DECISIONS, hard('own', { decisionId }))).status).toBe(409)
    expect(await on.world.registry.labels.outcomesOf('toy', decisionId)).toEqual([])
  })
})

it('counts as a failure also when the decision waited in a spool while the database was away', async () => {
  const { world, gateway } = await opened({ own: true })
  try {
    await world.database.stop()
    const { status, body } = await hardInCanary(gateway)
    expect(status).toBe(200)
    expect(body).toMatchObject({ fallback: true })
    await world.database.start()
    await eventually('the label of the failure', async () => {
      const found = await world.registry.labels.outcomesOf('toy', String(body.decisionId)).catch(() => [])
      return found[0]?.loss === FAILURE_LOSS
    })
  } finally {
    await world.stop()
  }
})

it('stays an error to the caller, and no evidence, where the policy has no loss for it', async () => {
  const { world, gateway } = await opened({}, toyPolicy)
  try {
    const { status, body } = await hardInCanary(gateway)
    expect(status).toBe(500)
    expect(JSON.stringify(body)).not.toContain('fallback')
  } finally {
    await world.stop()
  }
})

it('is charged on replayed data too', async () => {
  const { world, run } = await opened()
  try {
    const from = Date.parse('2001-02-01T00:00:00Z')
    const loader = createReleaseLoader({ registry: world.registry, artifacts: world.artifacts })
    const releases = { workflowId: run.workflowId, candidate: run.releaseId, reference: world.baseline }
    const exposure = { phase: 'canary', step: 0, weight: 5_000, fromDay: 0 } as const
    const range = { from, to: from + 3 * DAY_MS }
    const days = { ...range, events: project.replay(range), exposure, beat: () => {} }
    await replayTraffic(world.registry, loader, failsOnHardInputs, {
      ...canaryRequest(run.workflowId, from),
      ...releases,
      policy,
      ...days,
    })
    const asOf = from + 60 * DAY_MS
    const query = { project: 'toy', workflowId: run.workflowId, from, to: days.to, asOf, labelHorizonMs: 30 * DAY_MS }
    const matured = (arm: 'canary' | 'production') => world.registry.evidence.maturedDecisions({ ...query, arm })
    const failed = (await matured('canary')).filter(({ label }) => typeof label === 'object')
    expect(failed.length).toBeGreaterThan(0)
    expect(new Set(failed.map(({ loss }) => loss))).toEqual(new Set([FAILURE_LOSS]))
    expect((await matured('production')).every(({ label }) => typeof label === 'number')).toBe(true)
  } finally {
    await world.stop()
  }
})

it('has a loss in each policy of version 2 that starts a release: its own, or the upper bound of a loss', () => {
  const { failureLoss: _, ...judge } = policy.judge
  const bound = { lowest: 0, highest: 7, beyond: 'winsorise' } as const
  expect(failureLossOf({ ...policy, judge: { ...judge, lossBound: bound } })).toBe(7)
  expect(failureLossOf(policy)).toBe(FAILURE_LOSS)
  expect(failureLossOf({ ...toyPolicy, judge: { ...judge, lossBound: bound } })).toBeNull()
  const { lossBound: __, ...unbounded } = judge
  expect(() => requirePolicyThatCanDecide({ ...policy, judge: unbounded })).toThrow(/judge\.failureLoss is absent/)
  expect(() => requirePolicyThatCanDecide(policy)).not.toThrow()
})
