/** The pages that compute: a plan, a simulation, and a release judged by another policy. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newToken } from '../../http/index.js'
import { replayWith } from '../../releases/judge-replay.js'
import { planPolicy } from '../../releases/policy/plan-policy.js'
import { simulatePolicy } from '../../releases/policy/simulate-policy.js'
import { recordCanary, recordVerdict } from '../releases/judgements/recorded-canary.js'
import { candidate, type Gateway, openWorld, type World } from '../serving/support.js'
import { shadowPolicy, toyPolicy } from '../toy-project/policy.js'

const POLICY = '/projects/toy/policy'
const RUN = 'release/toy/recorded'
const REPLAY = '/projects/toy/releases/recorded/policy'
const gathered = { ...toyPolicy, steps: [{ weight: 5_000, atLeast: '1d' }] }
const traffic = {
  traffic: '400',
  rate: '0.2',
  effect: '0.5',
  cost: '1',
  visits: '1',
  icc: '0.1',
  daySd: '0',
  coverage: '1',
}
const simulation = { ask: 'simulate', ...traffic, runs: '20', seed: '3' }
/** Undecided for thousands of days, a thousand times: hours. */
const ENDLESS = { ...simulation, runs: '1000', effect: '0', alpha: '0.000000001', lookEvery: '1d', deadline: '20000d' }

let world: World
let gateway: Gateway
beforeAll(async () => {
  world = await openWorld()
  gateway = await world.gateway({ policyWork: { waiting: 1, longestMs: 250_000 } })
  await candidate(world, 0.25, RUN)
  await recordCanary(world.registry, RUN, { policy: gathered, days: 12, canary: 0.25 })
  await recordVerdict(world.registry, RUN, 'promoted', 'non_inferior')
})
afterAll(() => world?.stop())

const address = (path: string, fields: Record<string, string>) => `${path}?${new URLSearchParams(fields)}`
async function opened(path: string, fields: Record<string, string> = {}, on = gateway, headers = {}) {
  const { status, body } = await on.get(address(path, fields), { accept: 'text/html', ...headers })
  const text = String(body.text)
  return { status, text, words: text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ') }
}
const percents = (rates: readonly number[]) => rates.map((share) => `${Number((share * 100).toFixed(1))} %`).join(' ')

it('the page without a question has both forms, filled with the policy of the project, and computes nothing', async () => {
  const { status, text } = await opened(POLICY)
  expect(status).toBe(200)
  expect(text).toContain(`name="deadline" value="${toyPolicy.deadline}"`)
  expect(text).not.toContain('<svg')
  expect((await opened('/projects/toy')).text).toContain(`href="${POLICY}"`)
  expect((await opened('/projects/toy/releases/recorded')).text).toContain(`href="${REPLAY}"`)
})

it('a plan says what the command says, with a plot and a table, and leads to its simulation', async () => {
  const fields = { ask: 'plan', perDay: '400', rate: '0.2', smallestEffect: '0.5', horizon: '2d', ramp: '10,50' }
  const { status, text, words } = await opened(POLICY, { ...fields, runs: '20', seed: '3' })
  const numbers = { perDay: 400, rate: 0.2, smallestEffect: 0.5, runs: 20, seed: 3 }
  const plan = planPolicy({ ...numbers, horizon: '2d', ramp: [1_000, 5_000] }, 'fields')
  expect(status).toBe(200)
  for (const { rates } of plan.candidates)
    expect(words).toContain(percents([rates.promoted, rates.rolledBack, rates.held]))
  expect(text.match(/aria-label="Plot/g)?.length).toBe(2)
  expect(words).toContain(`for ${plan.exposedDays} days at most`)
  const changes = JSON.stringify(plan.policy)
  expect(text).toContain(`name="changes" value="${changes.replaceAll('"', '&quot;')}"`)
  const simulated = await opened(POLICY, { ...simulation, changes })
  expect([simulated.status, simulated.words]).toEqual([200, expect.stringContaining('planned_v1')])
})

it('a simulation says what the command says, and which fields of the policy it changed', async () => {
  const { status, words } = await opened(POLICY, { ...simulation, alpha: '0.2', changes: '{"deadline":"12d"}' })
  const policy = { ...toyPolicy, deadline: '12d', judge: { ...toyPolicy.judge, alpha: 0.2 } }
  const asked = { traffic: 400, rate: 0.2, effect: 0.5, cost: 1, runs: 20, seed: 3 }
  const { same, worstAllowed, asked: rates } = simulatePolicy({ policy, ...asked }, 'fields')
  expect(status).toBe(200)
  for (const one of [same, worstAllowed, rates])
    expect(words).toContain(percents([one.promoted, one.rolledBack, one.held]))
  expect(words).toContain(`judge.alpha ${toyPolicy.judge.alpha} 0.2`)
  expect(words).toContain(`deadline &quot;${toyPolicy.deadline}&quot; &quot;12d&quot;`)
})

it('segments and releases that begin in the shadow are simulated as by the command', async () => {
  const asked = { traffic: 400, rate: 0.2, effect: 0.5, cost: 1, runs: 5, seed: 3 }
  const fields = { ...simulation, runs: '5' }
  const { shadow: _, ...alone } = shadowPolicy
  const of = [{ name: 'night', where: [{ field: 'x', in: [1] }] }]
  const changes = JSON.stringify({ ...alone, segments: { onHarm: 'hold', minMature: 10, of } })
  const withSegments = await opened(POLICY, { ...fields, segment: 'night:0.3:1', changes })
  const missing = await opened(POLICY, { ...fields, segment: 'day:0.3', changes })
  expect([withSegments.status, missing.status], withSegments.words).toEqual([200, 400])
  expect(missing.words).toContain('“segment” must name each segment of the policy')
  const whole = JSON.stringify(shadowPolicy)
  const begun = await opened(POLICY, { ...fields, shadowDiffering: '0.3', changes: whole })
  const report = simulatePolicy({ policy: shadowPolicy, ...asked, shadowDiffering: 0.3 }, 'fields')
  expect([begun.status, begun.words]).toEqual([200, expect.stringContaining('Releases that begin in the shadow')])
  for (const one of [report.shadow?.same, report.shadow?.canaryAlone, report.shadow?.notJudged])
    expect(begun.words).toContain(percents([one?.promoted ?? -1, one?.rolledBack ?? -1, one?.held ?? -1]))
  const without = await opened(POLICY, { ...fields, shadowDiffering: '0.3' })
  expect([without.status, without.words]).toEqual([400, expect.stringContaining('needs a policy with a shadow')])
})

it('a finished release judged by another policy ends as the command says, beside what was recorded', async () => {
  const changes = '{"judge":{"objective":"superiority"},"maxExtensions":0}'
  const { status, text, words } = await opened(REPLAY, { ask: 'replay', alpha: '0.001', deadline: '9d', changes })
  const judge = { ...gathered.judge, objective: 'superiority', alpha: 0.001 } as const
  const policy = { ...gathered, judge, deadline: '9d', maxExtensions: 0 }
  const replayed = replayWith(await world.registry.runs.get(RUN), policy)
  expect([status, replayed.wouldHave]).toEqual([200, 'held'])
  expect(words).toContain('Recorded: promoted . This policy: held .')
  for (const { again } of replayed.looks) if (again) expect(words).toContain(`${again.action} (${again.reason})`)
  expect(text.match(/aria-label="Plot/g)?.length).toBe(2)
  const other = await opened(REPLAY, { ask: 'replay', changes: '{"labelHorizon":"3d"}' })
  expect([other.status, other.words]).toEqual([400, expect.stringContaining('keep labelHorizon')])
})

describe('what is wrong with a form shows it again with what was typed, and nothing is computed:', () => {
  const hostile = '<b>x</b>\u001b[31m\u202e'
  it.each<[string, string, Record<string, string>, string]>([
    ['nothing typed', POLICY, { ask: 'plan' }, 'decisions per day: It must be a whole number'],
    ['a field that is missing', POLICY, { ask: 'simulate', rate: '0.2' }, 'effect of the candidate: It must be'],
    ['no number', POLICY, { ...simulation, rate: hostile }, 'share that incurs a loss: It must be a number'],
    ['more runs than are computed', POLICY, { ...simulation, runs: '1000000' }, 'from 1 to 1000'],
    ['a long text', POLICY, { ...simulation, tail: 'x'.repeat(3_000) }, 'It has 3000 characters'],
    ['a policy that is none', POLICY, { ...simulation, alpha: '7' }, 'judge.alpha is 7'],
    ['a field of the policy that is no number', POLICY, { ...simulation, harmMargin: hostile }, 'is not a number'],
    ['an unknown field', POLICY, { ...simulation, changes: '{"__proto__":1,"deadlin":"1d"}' }, 'deadlin'],
    ['no JSON', REPLAY, { ask: 'replay', changes: `{${hostile}` }, 'policy: it is not JSON'],
    ['more JSON than is read', REPLAY, { ask: 'replay', changes: ' '.repeat(4_001) }, 'at most 4000 are read'],
    ['traffic that cannot be', POLICY, { ...simulation, rate: '0.9' }, 'cannot exceed 1; change “rate”'],
  ])('%s', async (_what, path, fields, says) => {
    const { status, text, words } = await opened(path, fields)
    expect([status, words]).toEqual([400, expect.stringContaining('Nothing was computed.')])
    expect(words).toContain(says)
    expect(['<b>', '\u001b', '\u202e'].filter((one) => text.includes(one))).toEqual([])
    if (Object.values(fields).some((typed) => typed.includes(hostile)))
      expect(text).toContain('&lt;b&gt;x&lt;/b&gt;␛[31m[U+202E]')
  })

  it('a field given twice, and an address longer than the service reads', async () => {
    const twice = await gateway.get(`${address(POLICY, simulation)}&rate=0.3`)
    expect([twice.status, twice.body.text]).toEqual([400, expect.stringContaining('It is given more than once.')])
    expect((await gateway.get(address(POLICY, { ...simulation, changes: 'x'.repeat(20_000) }))).status).toBe(431)
  })
})

it('a project or release that is not there is a page', async () => {
  for (const path of ['/projects/none/policy', '/projects/toy/releases/none/policy'])
    expect((await opened(path)).status).toBe(404)
})

it('the role read is needed, and another site makes this service compute nothing', async () => {
  const tokens = (['decide', 'read'] as const).map((role) => newToken(role, [role]))
  const guarded = await world.gateway({ tokens: tokens.map(({ token }) => token) })
  const statuses = await Promise.all(
    tokens.flatMap(({ secret }) =>
      [POLICY, REPLAY].map(
        async (path) => (await opened(path, {}, guarded, { authorization: `Bearer ${secret}` })).status,
      ),
    ),
  )
  expect(statuses).toEqual([403, 403, 200, 200])
  const led = await opened(POLICY, simulation, gateway, { 'sec-fetch-site': 'cross-site' })
  expect([led.status, led.words]).toEqual([200, expect.stringContaining('Another site led here')])
  expect(led.text).toContain('name="rate" value="0.2"')
  expect(led.text).not.toContain('<svg')
})

it('a long computation delays no other request; more than may wait are refused; it ends when the browser leaves', async () => {
  const leaving = new AbortController()
  const ask = (path: string, signal: AbortSignal) =>
    fetch(`${gateway.url}${path}`, { signal, headers: { accept: 'text/html' } })
  const both = [1, 2].map(() => ask(address(POLICY, ENDLESS), leaving.signal))
  let refused = await opened(POLICY, simulation)
  // Until the two have arrived.
  while (refused.status === 200) refused = await opened(POLICY, simulation)
  expect([refused.status, refused.words]).toEqual([503, expect.stringContaining('nothing was computed: try again')])
  expect(refused.text).toContain('name="rate" value="0.2"')
  expect((await gateway.get('/v1/projects/toy/aliases')).status).toBe(200)
  leaving.abort()
  expect((await Promise.allSettled(both)).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  let next = await opened(POLICY, simulation)
  while (next.status === 503) next = await opened(POLICY, simulation)
  expect(next.status).toBe(200)
})

it('a computation that takes too long is ended and says what helps; one that runs does not delay the end of the service', async () => {
  const hasty = await world.gateway({ policyWork: { longestMs: 300 } })
  const { status, words } = await opened(POLICY, ENDLESS, hasty)
  expect([status, words]).toEqual([400, expect.stringContaining('not finished within 0.3 s')])
  // Nothing may wait: a second one is refused as soon as the first is computed.
  const closing = await world.gateway({ policyWork: { waiting: 0, longestMs: 250_000 } })
  const open = fetch(`${closing.url}${address(POLICY, ENDLESS)}`).then(({ status: of }) => of)
  while ((await opened(POLICY, simulation, closing)).status === 200);
  await closing.close()
  expect(await open).toBe(503)
})
