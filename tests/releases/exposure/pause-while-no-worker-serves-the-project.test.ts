/** A step is recorded up to a day before its share begins. No worker serves the project when something stops it. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ExposureRequest } from '../../../contracts/activities.js'
import { DAY_MS } from '../../../contracts/duration.js'
import { breachKey } from '../../../contracts/ledger/index.js'
import { weightInForce } from '../../../exposure/step-in-force.js'
import { openRegistry, type Registry } from '../../../registry/index.js'
import { openStep } from '../../../releases/exposure/open-step.js'
import { recordOperatorAction, recordRequest } from '../../../releases/record-operator-action.js'
import { recordOperatorActions } from '../../../releases/record-operator-actions.js'
import { releases, type TestRegistry, testRegistry } from '../../registry/test-registry.js'
import { appendAnything } from '../../support/append-anything.js'
import { canaryRequest } from '../../support/canary-request.js'
import { watchOnce } from '../../support/watched-canary.js'

const HOUR_MS = DAY_MS / 24
const OPENED = Date.parse('2001-01-20T10:00:00Z')
const PERMITTED = OPENED + DAY_MS
const NEXT_DAY = Date.parse('2001-01-22T00:00:00Z')

let test: TestRegistry
let registry: Registry
let now = OPENED
beforeAll(async () => {
  test = await testRegistry()
  registry = await openRegistry({ databaseUrl: test.url, artifactsFolder: test.artifactsFolder, now: () => now })
})
afterAll(async () => {
  await registry?.close()
  await test?.stop()
})

/** A canary of a project of its own, whose second step is recorded for the next day. */
async function widening(project: string) {
  const [production = '', candidate = ''] = await releases(registry, project, 2)
  const run = { project, workflowId: `release/${project}/nightly` }
  const { workflowId } = run
  now = OPENED
  const move = { project, expected: null, actor: 'test', reason: 'test', evidence: null } as const
  await registry.aliases.move({ ...move, alias: 'production', to: production, workflowId: null, key: 'baseline' })
  await registry.aliases.move({ ...move, alias: 'canary', to: candidate, workflowId, key: `${workflowId}:canary` })
  const request = (more: Partial<ExposureRequest> = {}) =>
    canaryRequest(workflowId, OPENED, { ...run, candidate, reference: production, ...more })
  const { policy, clock } = request()
  const body = { trigger: { evidence: 'live' }, policy, clock }
  await appendAnything(registry, { project, kind: 'trigger', subject: workflowId, key: `${workflowId}:trigger`, body })
  await openStep(registry, request(), OPENED)
  now = PERMITTED
  const wider = request({ step: 1, stepBegan: PERMITTED, looksAfter: PERMITTED })
  await openStep(registry, wider, now)
  now += HOUR_MS
  const shareAt = async (instant: number) => {
    const exposed = (await registry.exposure.read(project)).run
    return exposed && weightInForce(exposed, instant)
  }
  expect(await shareAt(NEXT_DAY)).toBe(5_000)
  return { run, wider, shareAt }
}

const sent = (action: string) => ({ id: action, action, by: 'ana', reason: 'storm' })
const accepted = { accepted: true, message: 'accepted' }

it.each(['pause', 'abort', 'supersede', 'rollback'])('an accepted %s: the step does not begin', async (action) => {
  const { run, shareAt } = await widening(`accepted-${action}`)
  await recordOperatorAction(registry, run, sent(action), accepted)
  expect(await shareAt(NEXT_DAY)).toBe(1_000)
})

it.each(['sent', 'kept'] as const)('an abort that is %s and has no answer yet: it does not begin', async (pending) => {
  const { run, shareAt } = await widening(`pending-${pending}`)
  await recordRequest(registry, run, sent('abort'), pending)
  expect(await shareAt(NEXT_DAY)).toBe(1_000)
})

it('one of several actions that are recorded together', async () => {
  const { run, shareAt } = await widening('together')
  const actions = ['extend', 'pause', 'promote'].map((action) => ({ ...sent(action), ...accepted }))
  await recordOperatorActions(registry, run, actions)
  expect(await shareAt(NEXT_DAY)).toBe(1_000)
})

it('a pause by a look, whose worker is gone afterwards', async () => {
  const { run, wider, shareAt } = await widening('toy')
  const at = new Date(now - 1).toISOString()
  const body = { signal: 'errors', arm: 'canary', value: 1, threshold: 0.1, power: 'pause', at } as const
  const { project, workflowId } = run
  const key = breachKey(workflowId, body)
  await registry.ledger.append({ project, kind: 'breach', subject: workflowId, key, body })
  expect(await watchOnce({ ...test, registry }, wider, () => now)).toMatchObject({ outcome: 'pause' })
  expect(await shareAt(NEXT_DAY)).toBe(1_000)
})

it('it is recorded once, and the resume records it again', async () => {
  const { run, wider, shareAt } = await widening('resumed')
  await recordOperatorAction(registry, run, sent('pause'), accepted)
  // The worker is back: its attempt holds the step too.
  await openStep(registry, { ...wider, paused: true }, now)
  await recordOperatorAction(registry, run, { ...sent('pause'), id: 'again' }, accepted)
  const steps = await registry.ledger.entries(run.project, { kind: 'canary_step' })
  expect(steps.map(({ body }) => `${body.step}: ${body.weight}`)).toEqual(['0: 1000', '1: 5000', '1: 1000'])
  await openStep(registry, wider, now)
  expect(await shareAt(NEXT_DAY)).toBe(5_000)
})

it('nothing else holds it: a refused action, another action, a step that has begun, another run', async () => {
  const { run, shareAt } = await widening('other')
  await recordOperatorAction(registry, run, sent('pause'), { accepted: false, message: 'refused' })
  await recordOperatorAction(registry, run, sent('extend'), accepted)
  await recordOperatorAction(registry, { ...run, workflowId: `${run.workflowId}-2` }, sent('pause'), accepted)
  now = NEXT_DAY
  await recordOperatorAction(registry, run, { ...sent('pause'), id: 'late' }, accepted)
  expect(await shareAt(NEXT_DAY)).toBe(5_000)
})
