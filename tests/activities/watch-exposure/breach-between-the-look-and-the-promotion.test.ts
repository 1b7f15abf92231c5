/** The instant of a look is in the past, by hours if a worker was away: breaches since then still have their effect. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ExposureRequest } from '../../../contracts/activities.js'
import { DAY_MS } from '../../../contracts/duration.js'
import type { Arm } from '../../../contracts/names.js'
import { recordOperatorAction } from '../../../releases/record-operator-action.js'
import type { TestRegistry } from '../../registry/test-registry.js'
import { canaryRequest } from '../../support/canary-request.js'
import { registryWithProduction, watchOnce } from '../../support/watched-canary.js'
import { toyPolicy } from '../../toy-project/policy.js'

const OPENED = Date.parse('2001-01-20T00:00:00Z')
const HOUR_MS = DAY_MS / 24
const PER_ARM = 400
let test: TestRegistry
beforeAll(async () => {
  test = await registryWithProduction()
})
afterAll(() => test?.stop())

const policy = { ...toyPolicy, steps: [{ weight: 5_000, atLeast: '1d' }] }
const requestOf = (workflowId: string, more: Partial<ExposureRequest> = {}): ExposureRequest =>
  canaryRequest(workflowId, OPENED, { policy, ...more })

const watch = (request: ExposureRequest, now: number) => watchOnce(test, request, () => now)

/** A first day, mature two days later, on which the candidate does better by far. */
async function betterDay(workflowId: string): Promise<void> {
  const rows = (['canary', 'production'] as const).flatMap((arm) =>
    Array.from({ length: PER_ARM }, (_, index) => ({ arm, index, decisionId: `${workflowId}:${arm}:${index}` })),
  )
  await test.registry.evidence.recordDecisions(
    'toy',
    rows.map(({ arm, index, decisionId }) => ({
      decisionId,
      workflowId,
      arm,
      source: 'live',
      entityHash: decisionId,
      output: {},
      action: 'warn',
      releaseId: arm === 'canary' ? 'toy_v2' : 'toy_v1',
      eventAt: OPENED + index,
      split: { bucket: 0, weight: 5e3 },
    })),
  )
  await test.registry.evidence.recordOutcomes(
    'toy',
    rows.map(({ arm, index, decisionId }) => ({
      decisionId,
      version: 1,
      label: 1,
      loss: Number(index % (arm === 'canary' ? 10 : 2) === 0),
      observedAt: OPENED + HOUR_MS,
    })),
  )
}

const breach = (workflowId: string, power: 'pause' | 'rollback', at: number, arm: Arm = 'canary') =>
  test.registry.ledger.append({
    project: 'toy',
    kind: 'breach',
    subject: workflowId,
    key: `${workflowId}:breach`,
    body: { signal: 'errors', arm, value: 1, threshold: 0.1, power, at: new Date(at).toISOString() },
  })

const LOOK = OPENED + 2 * DAY_MS

it.each(['rollback', 'pause'] as const)(
  'one of power %s wins over the permission of an earlier instant',
  async (power) => {
    const run = `release/toy/${power}`
    await betterDay(run)
    await breach(run, power, LOOK + HOUR_MS)
    // As of the look's own instant nothing had happened yet: it would have been promoted.
    expect(await watch(requestOf(run), LOOK + HOUR_MS - 1)).toMatchObject({ outcome: 'promote', asOf: LOOK })
    const late = await watch(requestOf(run), LOOK + 3 * HOUR_MS)
    expect(late).toMatchObject({ outcome: power, reason: 'breach:errors', asOf: LOOK + 3 * HOUR_MS })
  },
)

it.each(['rollback', 'pause'] as const)(
  'one of power %s wins over a promotion that a person requested',
  async (power) => {
    const run = `release/toy/asked-${power}`
    await betterDay(run)
    const awaits = requestOf(run, { awaitsApproval: true })
    await expect(watch(awaits, LOOK + HOUR_MS / 2)).rejects.toThrow(/next look/)
    await breach(run, power, LOOK + HOUR_MS)
    const asked = { ...awaits, looksAfter: LOOK, once: true }
    expect(await watch(asked, LOOK + HOUR_MS - 1)).toMatchObject({ outcome: 'promote', asOf: LOOK })
    expect(await watch(asked, LOOK + 3 * HOUR_MS)).toMatchObject({ outcome: power, reason: 'breach:errors' })
  },
)

it.each(['rollback', 'pause'] as const)(
  'one of power %s has its effect although the result of the look that read it was dropped',
  async (power) => {
    const run = `release/toy/dropped-${power}`
    await betterDay(run)
    const steps = [{ weight: 5_000, atLeast: '2d' }, ...policy.steps]
    const wider = await watch(requestOf(run, { policy: { ...policy, steps } }), LOOK + 1)
    expect(wider).toMatchObject({ outcome: 'step_over', asOf: LOOK, breaches: { read: 0 } })
    // Stored a moment after the look, with an instant before it.
    await breach(run, power, LOOK - 1_000)
    const { asOf: looksAfter, breaches: actedOn } = wider
    const asked = requestOf(run, { looksAfter, ...(actedOn ? { actedOn } : {}), once: true })
    const first = await watch(asked, LOOK + 2)
    expect(first).toMatchObject({ outcome: power, reason: 'breach:errors', asOf: LOOK })
    // An operator action interrupted the wait for it, and the run looks again.
    expect(await watch(asked, LOOK + 3)).toEqual(first)
    // Only once the run has acted on that look the breach is history.
    const after = requestOf(run, { looksAfter, ...(first.breaches ? { actedOn: first.breaches } : {}), once: true })
    expect(await watch(after, LOOK + 4)).toMatchObject({ outcome: 'promote', asOf: LOOK })
  },
)

it('a step that was complete by then is not widened', async () => {
  const run = 'release/toy/wider'
  await betterDay(run)
  await breach(run, 'pause', LOOK + HOUR_MS)
  const narrow = requestOf(run, { policy: { ...policy, steps: [{ weight: 5_000, atLeast: '2d' }, ...policy.steps] } })
  expect(await watch(narrow, LOOK + HOUR_MS - 1)).toMatchObject({ outcome: 'step_over', asOf: LOOK })
  expect(await watch(narrow, LOOK + 3 * HOUR_MS)).toMatchObject({ outcome: 'pause', reason: 'breach:errors' })
})

it('one in the candidate’s arm wins over a change of production, and one in another arm does not', async () => {
  const now = LOOK + 3 * HOUR_MS
  const moved = (run: string) => watch(requestOf(run, { reference: 'toy_v3' }), now)
  await breach('release/toy/moved-own', 'rollback', LOOK + HOUR_MS)
  expect(await moved('release/toy/moved-own')).toMatchObject({ outcome: 'rollback', reason: 'breach:errors' })
  await breach('release/toy/moved-other', 'rollback', LOOK + HOUR_MS, 'production')
  expect(await moved('release/toy/moved-other')).toMatchObject({ outcome: 'production_changed' })
})

it('one of power pause does not pause again what a person resumed after it, and the next one does', async () => {
  const run = 'release/toy/resumed'
  await betterDay(run)
  await breach(run, 'pause', LOOK + HOUR_MS)
  const now = LOOK + 3 * HOUR_MS
  const resumed = (at: number) => watch(requestOf(run, { looksAfter: LOOK, resumedAt: at }), now)
  expect(await resumed(LOOK + HOUR_MS - 1)).toMatchObject({ outcome: 'pause', reason: 'breach:errors' })
  await expect(resumed(LOOK + HOUR_MS)).rejects.toThrow(/next look/)
})

it('one that a gateway measured pauses again if the ledger has it after the resume, whatever the clocks say', async () => {
  const run = 'release/toy/resumed-by-place'
  await betterDay(run)
  const measured = (key: string) =>
    test.registry.ledger.append({
      project: 'toy',
      kind: 'breach',
      subject: run,
      key: `${run}:${key}`,
      body: {
        signal: 'errors',
        arm: 'canary',
        value: 1,
        threshold: 0.1,
        power: 'pause',
        phase: 'canary',
        // By the clock of its gateway, which is far behind.
        at: new Date(LOOK - 300 * DAY_MS).toISOString(),
      } as const,
    })
  await measured('known')
  const now = LOOK + 3 * HOUR_MS
  // The clock of the server that received the action is far ahead of the ledger's.
  const request = requestOf(run, { looksAfter: LOOK, resumedAt: Date.now() + 300 * DAY_MS, resumedBy: 'ann-1' })
  await expect(watch(request, now)).rejects.toThrow(/next look/)
  const action = { id: 'ann-1', action: 'resume', by: 'ann', reason: 'known' } as const
  await recordOperatorAction(test.registry, request, action, { accepted: true, message: 'resumed' })
  await expect(watch(request, now)).rejects.toThrow(/next look/)
  // And one that is far behind: the breach before the resume stays known.
  await expect(watch({ ...request, resumedAt: LOOK - 300 * DAY_MS }, now)).rejects.toThrow(/next look/)
  await measured('new')
  expect(await watch(request, now)).toMatchObject({ outcome: 'pause', reason: 'breach:errors' })
})
