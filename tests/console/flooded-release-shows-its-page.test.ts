/** A release with more refused actions than its page shows. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildLedger } from '../../bench/growth/build-ledger.js'
import { buildSignals } from '../../bench/growth/build-signals.js'
import { gatherRelease } from '../../console/release/release-data.js'
import { releaseContent } from '../../console/release/release-page.js'
import { UNBOUNDED_SHOWN } from '../../console/report/report-data.js'
import { type TestRegistry, testRegistry } from '../registry/test-registry.js'
import { appendAnything } from '../support/append-anything.js'
import { toyPolicy } from '../toy-project/policy.js'

const RUN = 'release/p0/flooded'

let test: TestRegistry
beforeAll(async () => {
  test = await testRegistry()
  await buildLedger(test.owner, { projects: 1, runs: 0, looks: 0, lookSize: 0 })
  const clock = { eventStart: 0, wallStart: 0, speed: 1 }
  const body = { trigger: {}, policy: toyPolicy, clock }
  await appendAnything(test.registry, { project: 'p0', kind: 'trigger', subject: RUN, key: `${RUN}:trigger`, body })
  await buildSignals(test.owner, RUN, UNBOUNDED_SHOWN + 2)
})
afterAll(() => test?.stop())

async function page(did: string | null): Promise<string> {
  const temporal = { state: 'reachable', problem: null, attention: [] } as never
  const data = await gatherRelease(test.registry, RUN, {
    project: null,
    temporal,
    workflowUrl: null,
    did,
    now: Date.now(),
  })
  return releaseContent(data).text
}

it('says that earlier refusals are in the record only', async () => {
  expect(await page(null)).toContain(`These are the newest ${UNBOUNDED_SHOWN}; earlier ones are in the record`)
})

it('finds the outcome of an action that many others followed', async () => {
  expect(await page('1')).toContain('Refused, and nothing was changed')
  expect(await page('unknown')).toContain('The record does not hold the action yet')
})
