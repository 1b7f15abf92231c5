import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWatchExposure } from '../../../activities/watch-exposure.js'
import type { ExposureRequest } from '../../../contracts/activities.js'
import { DAY_MS, durationMs } from '../../../contracts/duration.js'
import type { MonitorSignal } from '../../../contracts/types.js'
import { measureMatured as ofForecast } from '../../../projects/forecast/measure-matured.js'
import type { Project } from '../../../projects/project.js'
import { openWorld, type World } from '../../serving/support.js'
import { canaryRequest } from '../../support/canary-request.js'
import { project } from '../../toy-project/index.js'
import { toyPolicy } from '../../toy-project/policy.js'

const OPENED = Date.parse('2001-01-20T00:00:00Z')
const RUN = 'release/toy/delayed'
const HORIZON_MS = durationMs(toyPolicy.labelHorizon)
const signal: MonitorSignal = {
  name: 'late_share',
  clock: 'delayed_quality',
  threshold: 0.5,
  breachWhen: 'above',
  window: '2d',
  power: 'pause',
}
/** Of the challenger's final labels, how many were late. */
const watched: Project<{ x: number; z: number }> = {
  ...project,
  measureMatured: ({ decisions }) => ({
    late_share: decisions.filter(({ label }) => label === 1).length / Math.max(1, decisions.length),
  }),
}

let world: World
let request: ExposureRequest
beforeAll(async () => {
  world = await openWorld()
  const { manifest } = await world.registry.releases.get(world.baseline)
  const changed = { ...manifest, monitor: { version: 'toy_monitor_v2', signals: [signal] } }
  const { releaseId } = await world.registry.releases.register({ project: 'toy', manifest: changed, workflowId: RUN })
  request = canaryRequest(RUN, OPENED, {
    candidate: releaseId,
    reference: world.baseline,
    policy: { ...toyPolicy, deadline: '100d', judge: { ...toyPolicy.judge, minMature: 1e6 } },
    step: 1,
  })
  // The production arm is late all the time; the canary on its second day only.
  for (let day = 0; day < 6; day += 1) {
    const at = OPENED + day * DAY_MS
    const rows = Array.from(
      { length: 60 },
      (_, index) => ({ id: `${day}-${index}`, arm: index < 30 ? 'canary' : 'production' }) as const,
    )
    await world.registry.evidence.recordDecisions(
      'toy',
      rows.map(({ id, arm }) => ({
        decisionId: id,
        workflowId: RUN,
        releaseId,
        arm,
        source: 'live',
        entityHash: id,
        eventAt: at + 36e5,
        output: { probability: 0.5 },
        action: 'none',
        split: { bucket: 0, weight: 5e3 },
      })),
    )
    await world.registry.evidence.recordOutcomes(
      'toy',
      rows.map(({ id, arm }) => {
        const label = arm === 'production' || day === 1 ? 1 : 0
        return { decisionId: id, version: 1, label, loss: label, observedAt: at + 7_200_000 }
      }),
    )
  }
})
afterAll(() => world?.stop())

const breaches = () => world.registry.ledger.entries('toy', { kind: 'breach', subject: RUN })
async function lookOn(day: number, more: Partial<ExposureRequest> = {}) {
  const deps = {
    ...world,
    projects: new Map([['toy', watched as Project]]),
    now: () => OPENED + day * DAY_MS,
    workFolder: '',
  }
  const watch = createWatchExposure(deps, () => Promise.reject(new Error('nothing is loaded')))
  return watch({ ...request, ...more }).catch((error: Error) => error.message)
}

describe('a signal of delayed quality', () => {
  it('does not fire while the day that would fire it is not mature', async () => {
    expect(HORIZON_MS).toBe(DAY_MS)
    // As of the third day's start the second day's labels are all there, and still may be corrected.
    expect(await lookOn(2)).toMatch(/next look/)
    expect(await breaches()).toEqual([])
  })

  it('fires with its numbers once the day is mature, and pauses at that look', async () => {
    // Both mature days: 30 of 60 are not above a half.
    expect(await lookOn(3)).toMatch(/next look/)
    const found = await lookOn(3.5, { policy: { ...request.policy, lookEvery: '12h' } })
    expect(found).toMatch(/next look/)
    // Labels corrected meanwhile: one more of the second day's window is late.
    await world.registry.evidence.recordOutcomes('toy', [
      { decisionId: '2-0', version: 2, label: 1, loss: 1, observedAt: OPENED + 2 * DAY_MS + 8_000_000 },
    ])
    expect(await lookOn(4)).toMatchObject({ outcome: 'pause', reason: 'breach:late_share' })
    const [breach, ...more] = await breaches()
    expect(more).toEqual([])
    expect(breach?.body).toMatchObject({
      signal: 'late_share',
      arm: 'canary',
      value: 31 / 60,
      threshold: 0.5,
      power: 'pause',
      clock: 'delayed_quality',
      decisions: 60,
      at: '2001-01-24T00:00:00.000Z',
      window: { from: '2001-01-21T00:00:00.000Z', to: '2001-01-23T00:00:00.000Z' },
    })
  })

  it('is not measured in the reference arm, and not stored again if the look is repeated', async () => {
    await lookOn(4)
    // The next window would fire, too: of its 60 labels 31 are late by now.
    const late = [...Array.from({ length: 30 }, (_, index) => `2-${index}`), '3-0']
    await world.registry.evidence.recordOutcomes(
      'toy',
      late.map((id) => {
        const observedAt = OPENED + Number(id[0]) * DAY_MS + 9_000_000
        return { decisionId: id, version: 3, label: 1, loss: 1, observedAt }
      }),
    )
    await lookOn(5, { looksAfter: OPENED + 4 * DAY_MS })
    expect((await breaches()).map(({ body }) => body.arm)).toEqual(['canary'])
  })
})

it('forecast measures in usual days, and peaks only where there are enough of them', () => {
  const one = (label: number) => ({ at: 0, output: { q50: 4, usual: 4 }, action: 'standing', label, loss: 0 })
  const window = (labels: number[]) => ({ arm: 'canary' as const, from: 0, to: DAY_MS, decisions: labels.map(one) })
  expect(ofForecast(window([4, 6, 2, 4]))).toEqual({ mean_absolute_error: 0.25 })
  expect(ofForecast(window(Array.from({ length: 20 }, () => 12)))).toEqual({ mean_absolute_error: 2, peak_residual: 2 })
  expect(ofForecast(window([]))).toEqual({})
})
