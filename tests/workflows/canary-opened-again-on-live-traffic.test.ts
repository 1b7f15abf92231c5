/**
 * Production changes under a canary that is judged on live traffic. What the first exposure showed was of another
 * comparison: its labels keep arriving while the second is judged, and none of them counts there.
 */
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { eventNow } from '../../contracts/clock.js'
import { DAY_MS } from '../../contracts/duration.js'
import { createArtifactStore, inputOfRun } from '../../registry/index.js'
import type { DecisionAnswer } from '../../serving/decide.js'
import { type DecisionService, startService } from '../../serving/index.js'
import { moveByHand, replacedProduction } from '../support/replace-production.js'
import { entriesOf, eventually, exposed, looksOf, resultOf, startOver } from '../support/steer.js'
import { type Harness, timeSkipping } from '../support/time-skipping.js'
import { toyDays } from '../toy-project/data.js'
import { project } from '../toy-project/index.js'
import { toyPolicy } from '../toy-project/policy.js'

/** Breaches are looked for each minute of wall time: a day is an hour here. */
const SPEED = 24
const PER_DAY = 400
let on: Harness
let service: DecisionService
/** Skipped time, as last asked: the service's clock. */
let now: number
const tick = async () => {
  now = await on.env.currentTimeMs()
}
/** @param ms of event time */
const letPass = async (ms: number) => {
  await on.env.sleep(ms / SPEED)
  await tick()
}
beforeAll(async () => {
  on = await timeSkipping()
  await tick()
  service = await startService({
    registry: on.registry,
    artifacts: createArtifactStore(on.environment.SLIPWAY_ARTIFACTS ?? ''),
    projects: new Map([['toy', project]]),
    spoolFolder: join(on.workFolder, 'spool'),
    now: () => now,
  })
})
afterEach(() => startOver(on))
afterAll(async () => {
  await service?.stop()
  await on?.close()
})

const policy = {
  ...toyPolicy,
  steps: [{ weight: 5_000, atLeast: '1d' }],
  probation: { holdback: 1_000, lasts: '1d' },
  judge: { ...toyPolicy.judge, minMature: 100 },
}

type Asked = DecisionAnswer & { readonly truth: number }
let asked = 0

/** A day's questions at this instant of event time. */
async function ask(): Promise<Asked[]> {
  await tick()
  const answers: Asked[] = []
  for (const { input, label } of toyDays(0, DAY_MS, PER_DAY)) {
    asked += 1
    const answer = await service.decide('toy', { entityKey: `parcel-${asked}`, input })
    answers.push({ ...answer, truth: Number(label) })
  }
  return answers
}

/** @param labelOf what is said of a decision, now */
const label = (answers: readonly Asked[], labelOf: (answer: Asked) => number, observedAt: number) =>
  service.outcomes.deliver(
    project,
    answers.map((answer) => ({ decisionId: answer.decisionId, label: labelOf(answer), observedAt })),
  )

const eventTime = async (workflowId: string): Promise<number> => {
  const input = await inputOfRun(on.registry, { project: 'toy', workflowId })
  return input ? eventNow(input.clock, now) : Number.NaN
}

/** Until the service answers by what the registry says. */
const follows = (share: number, production: string) =>
  eventually(`a split of ${share} beside ${production}`, async () => {
    const { record } = service.follower.state('toy').tuples ?? {}
    return record?.production === production && record.run?.steps[0]?.weight === share
  })

it('is judged on the decisions of its new exposure alone', async () => {
  const [before, after] = await replacedProduction(on, 'live-anew')
  const id = await on.start('live-anew', { policy, evidence: 'live', speed: SPEED })
  const { releaseId: candidate } = await exposed(on, id)
  await follows(5_000, after)
  const first = await ask()
  const known = await eventTime(id)
  expect(new Set(first.map(({ releaseId }) => releaseId))).toEqual(new Set([candidate, after]))

  await moveByHand(on, before)
  await on.client.workflow.getHandle(id).signal('productionMoved')
  await eventually('a step of the new opening', async () =>
    (await entriesOf(on, id, 'canary_step')).some(({ body }) => body.opening === 1),
  )
  const looks = (await looksOf(on, id)).length
  await follows(5_000, before)
  // Still that day, which the new opening does not see whole.
  const partOfADay = await ask()
  expect(new Set(partOfADay.map(({ releaseId }) => releaseId))).toEqual(new Set([candidate, before]))
  // A service asks for a run's clock every few seconds: by now it knows the new one.
  await letPass(10 * 60_000)
  // Had they counted, this is harm beyond doubt: the candidate is always wrong, what it replaces never.
  const wrong = ({ action, arm }: Asked) => Number((action === 'warn') === (arm === 'production'))
  for (const old of [first, partOfADay]) {
    expect(await label(old, wrong, known)).toMatchObject({ accepted: PER_DAY, rejected: [] })
  }

  await letPass(DAY_MS)
  const counted = await ask()
  expect(await label(counted, ({ truth }) => truth, await eventTime(id))).toMatchObject({ accepted: PER_DAY })
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'promoted', reason: 'non_inferior' })

  const second = (await looksOf(on, id)).slice(looks).filter(({ phase }) => phase === 'canary')
  const asked = (arm: string) => counted.filter((answer) => answer.arm === arm).length
  const shown = second.at(-1)?.cohorts.map(({ arm, exposed: rows, labelled }) => ({ arm, rows, labelled }))
  expect(shown).toEqual(['canary', 'production'].map((arm) => ({ arm, rows: asked(arm), labelled: asked(arm) })))
})
