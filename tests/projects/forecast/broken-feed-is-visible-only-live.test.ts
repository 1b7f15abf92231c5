import { expect, it } from 'vitest'
import type { DemandInput } from '../../../projects/forecast/features/demand-input.js'
import { project } from '../../../projects/forecast/index.js'
import { boundedLoss } from '../../../projects/forecast/model/decide.js'
import type { LoadedRelease, ReplayEvent } from '../../../projects/project.js'
import { evaluated, imported, midnight, SMALL, smallWorld, testFolder, trained } from './demand-files.js'

const folder = testFolder()

it('passes every gate with a feed that is correct in history, and floods buyers with alerts when it delivers per cent', async () => {
  const world = await smallWorld(folder, { series: 160 })
  const snapshot = await imported(folder, world, '2023-03-06')
  const baseline = await trained(snapshot, 'baseline', 'baseline')
  const fed = await trained(snapshot, 'fed', { ...SMALL, feed: 'momentum' })
  const { gates } = await evaluated(snapshot, fed, baseline)
  expect(gates.filter(({ passed }) => !passed)).toEqual([])

  const events: ReplayEvent<DemandInput>[] = []
  for await (const event of project.replay({ source: world, from: midnight('2023-03-06'), to: midnight('2023-03-11') }))
    events.push(event)
  const live = async (release: LoadedRelease) => {
    const outputs = await (await project.load(release)).score(events.map(({ input }) => input))
    const decided = events.map(({ at, input, label }, index) => {
      const output = outputs[index] ?? {}
      const action = project.decide(output, release.actionPolicy, input)
      return {
        at,
        input,
        output,
        action,
        loss: boundedLoss({ action, output, label: label ?? 0 }, release.actionPolicy),
      }
    })
    const { alert_flood_share = 0 } = project.measure({ arm: 'canary', from: 0, to: 1, decisions: decided })
    return { alerts: alert_flood_share, loss: decided.reduce((sum, { loss }) => sum + loss, 0) / decided.length }
  }
  const [of, before] = [await live(fed), await live(baseline)]
  expect(of.loss).toBeGreaterThan(before.loss + project.policy.judge.harmMargin)
  expect(of.alerts).toBeGreaterThan(before.alerts + 0.1)
})
