import { afterAll, beforeAll, expect, it } from 'vitest'
import { stageTimes } from '../../../console/release/stage-times.js'
import type { LedgerEntry } from '../../../contracts/ledger/index.js'
import { candidate, type Gateway, inputOf, openCanary, openWorld, promote, type World } from '../../serving/support.js'
import { type AnyEntry, appendAnything } from '../../support/append-anything.js'

let world: World
let gateway: Gateway
let path: string
let workflowId: string
beforeAll(async () => {
  world = await openWorld()
  gateway = await world.gateway({ live: { everyMs: 50, renewMs: 1e9 } })
  // A trigger's id may hold anything but must stay one part of the address.
  workflowId = 'release/toy/load 4711/a'
  path = '/projects/toy/releases/load%204711%2Fa'
  const { releaseId } = await candidate(world, 0.4, workflowId)
  const input = inputOf(workflowId)
  await openCanary(world, { releaseId, workflowId }, 1_000, {
    ...input,
    trigger: { ...input.trigger, id: 'load 4711/a' },
  })
  await append('evaluation', 'evaluation', {
    releaseId,
    production: world.baseline,
    decision: 'canary_open',
    report: {
      gates: [{ name: 'cost_improves', passed: true, detail: 'cheaper', value: 0.0123, threshold: 0.5 }],
      metrics: { candidate: { loss: 1 }, production: { loss: 2 } },
      slices: [],
      heldOut: { from: '2026-01-01', to: '2026-01-02', rows: 10 },
    },
  })
  for (const day of [2, 3]) {
    const both = { challenger: 10, reference: 90 }
    await append('judgement', `canary:look:2026-01-0${day}`, {
      phase: 'canary',
      deadline: '2999-02-01T10:00:00.000Z',
      arms: { challenger: 'canary', reference: 'production' },
      cohorts: [1, day].flatMap((of) => [cohort(of, 'canary', 10), cohort(of, 'production', 90)]),
      judgement: {
        action: 'continue',
        reason: 'inconclusive',
        unmet: [],
        numbers: {
          asOf: `2026-01-0${day}T00:00:00.000Z`,
          effect: -0.01,
          interval: [-0.03, 0.01],
          margins: { nonInferiority: 0.02, harm: 0.02 },
          mature: both,
          exposed: both,
          pending: both,
          coverage: { challenger: 1, reference: 1 },
          sampleRatioP: 0.4321,
          perDay: [{ day: '2026-01-01', effect: -0.0123, challenger: 9, reference: 88 }],
        },
      },
    })
  }
})
afterAll(() => world?.stop())

const cohort = (day: number, arm: string, exposed: number) => ({
  day: `2026-01-0${day}`,
  arm,
  exposed,
  mature: day === 1,
  labelled: day === 1 ? exposed - 1 : 0,
  expectedShare: arm === 'canary' ? 1_200 : 8_800,
})
const append = (kind: AnyEntry['kind'], key: string, body: object) =>
  appendAnything(world.registry, { project: 'toy', kind, subject: workflowId, key: `${workflowId}:${key}`, body })
const text = async (at: string) => String((await gateway.get(at)).body.text)
const wordsOf = (page: string) => page.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')

it('state, stages, gates, looks, tuple and links are on the page, under the strict policy', async () => {
  const page = await text(path)
  const words = wordsOf(page)
  expect(words).toContain('Its candidate is being tried on live traffic; it answers 10 % of the traffic.')
  expect(words).toMatch(/canary .* now/)
  expect(words).toMatch(/cost_improves passed cheaper 0.0123 0.5/)
  expect(words).toContain('action policy toy_v1: falseWarningCost 1, missCost 5, threshold 0.4')
  expect(page.match(/<svg[^>]*role="group"/g)?.length).toBe(4)
  expect(words).toContain('deadline 2999-02-01 10:00 UTC : held if undecided then')
  expect(words).toContain('p = 0.4321')
  expect(words).toContain('candidate (canary) 20 10 90.0 % 45.0 % 10.0 % 12.0 %')
  expect(words).toContain('2026-01-01 -0.0123 9 88')
  expect(words).toContain('2026-01-03 candidate exposing 10 0 0.0 %')
  expect(words).toContain('2026-01-01 production mature 90 89 98.9 %')
  expect(page).toMatch(/<tr class="differs"><td>action policy<.*?<strong>differs<\/strong>/s)
  expect(words).toMatch(/features \S+ \S+ same/)
  expect(page).toContain(`href="${path}/report"`)
  expect(page).toContain(`href="http://127.0.0.1:1/${encodeURIComponent(workflowId)}"`)
  expect(page).not.toMatch(/<style|style="|<script(?! src="\/console\/console.js")/)
})

it('the project lists it, and its report and its record can be loaded', async () => {
  expect(await text('/projects/toy')).toContain(`href="${path}"`)
  expect(await text('/')).toContain(`href="${path}"`)
  const report = await gateway.get(`${path}/report`)
  expect([report.status, report.body.text]).toEqual([200, expect.stringContaining(workflowId)])
  const { entries } = await world.registry.runs.get(workflowId)
  const record = await (await fetch(`${gateway.url}${path}/record`)).text()
  const lines = record.trimEnd().split('\n')
  expect(lines.map((line) => JSON.parse(line).hash)).toEqual(entries.map(({ hash }) => hash))
})

it('a release that has just begun is not shown as ended', async () => {
  const subject = 'release/toy/just begun'
  const body = inputOf(subject)
  await world.registry.ledger.append({ project: 'toy', kind: 'trigger', subject, key: `${subject}:trigger`, body })
  const words = wordsOf(await text('/projects/toy/releases/just%20begun'))
  expect(words).toContain('Its candidate has not been evaluated yet.')
  expect(words).not.toContain('The run ended')
})

it('a release, a project or a page that does not exist is answered as a page', async () => {
  for (const one of ['/projects/toy/releases/none', '/projects/none', '/projects/%E0%A4%A', '/projects/toy?before=x']) {
    const { status, body } = await gateway.get(one)
    expect([one, status, body.text]).toEqual([one, 404, expect.stringContaining('Not found')])
  }
})

it('a change reaches the open page by its stream', async () => {
  const stream = await fetch(`${gateway.url}/console/events?of=${encodeURIComponent(path)}`)
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader()
  let seen = ''
  const readUntil = async (part: string) => {
    while (!seen.includes(part)) {
      const { value, done } = (await reader?.read()) ?? { done: true }
      if (done) throw new Error(`the stream ended before: ${part}`)
      seen += value
    }
  }
  await readUntil('tried on live traffic')
  expect(seen).not.toContain('paused: by ann')
  await append('operator_action', 'p', {
    id: 'p',
    action: 'pause',
    by: 'ann',
    reason: 'x',
    accepted: true,
    message: '',
  })
  await readUntil('paused: by ann')
  expect(seen).toContain('an operator: resume or abort it')
  await reader?.cancel()
})

it('time that waits for a person is counted apart from all other time', () => {
  const entry = (kind: string, minute: number, body: object = {}): LedgerEntry =>
    JSON.parse(JSON.stringify({ kind, subject: 'x', at: new Date(minute * 60_000), body }))
  const entries = [
    entry('trigger', 0),
    entry('snapshot', 2),
    entry('training_run', 5),
    entry('release', 5),
    entry('evaluation', 6),
    entry('alias_move', 10, { alias: 'canary', to: 'x_v1' }),
    entry('operator_action', 20, { action: 'pause', accepted: true }),
    entry('operator_action', 25, { action: 'resume', accepted: false }),
    entry('operator_action', 30, { action: 'resume', accepted: true }),
    entry('approval', 50, { state: 'asked' }),
    entry('approval', 90, { state: 'given' }),
    entry('alias_move', 91, { alias: 'production', to: 'x_v1' }),
  ]
  const minutes = (until: number, some = entries) =>
    Object.fromEntries(
      stageTimes(some, until * 60_000).map((one) => [one.stage, [one.machineMs / 60_000, one.humanMs / 60_000]]),
    )
  expect(minutes(100)).toEqual({
    validating: [2, 0],
    training: [3, 0],
    evaluating: [1, 0],
    awaiting_canary: [4, 0],
    canary: [31, 50],
    probation: [9, 0],
  })
  // The verdict ends the last stage, whenever the page is opened.
  const ended = [...entries, entry('verdict', 95)]
  expect(minutes(1_000, ended)).toMatchObject({ probation: [4, 0] })
})

it('production history: every move, metrics, production at a time, the difference of two releases, the way back', async () => {
  const history = '/projects/toy/history'
  const { releaseId } = await world.registry.runs.get(workflowId)
  // The canary was opened: a moment at which the baseline was in production.
  const before = (await world.registry.aliases.history('toy')).at(-1)?.at ?? ''
  await promote(world, { releaseId: releaseId ?? '', workflowId })
  const page = await text(`${history}?a=${releaseId}&b=${world.baseline}&at=${before}`)
  const words = wordsOf(page)
  expect(words).toMatch(new RegExp(`production ${world.baseline} ${releaseId} its release non_inferior Roll back to`))
  expect(page).toContain(`href="/projects/toy/rollback?to=${world.baseline}"`)
  expect(words).toContain(`At ${before.slice(0, 16).replace('T', ' ')} UTC ${world.baseline} was in production.`)
  expect(words).toMatch(/loss across releases .* canary_open toy_v1 1 2/)
  expect(page).toMatch(/<tr class="differs"><td>action policy</)
  expect(page.match(/<svg[^>]*role="group"/g)?.length).toBe(2)
  for (const [query, says] of [
    ['at=yesterday%3Cb%3E', '&quot;yesterday&lt;b&gt;&quot; is not a time'],
    ['a=none&b=toy_v1', 'none'],
    ['metric=none&before=x', 'loss across releases'],
  ])
    expect(await text(`${history}?${query}`)).toContain(says)
  expect((await gateway.get('/projects/none/history')).status).toBe(404)
  // What is in production now needs no way back.
  const now = await text(`${history}?at=${new Date(Date.now() + 60_000).toISOString()}`)
  expect(wordsOf(now)).toContain(`${releaseId} was in production, and is now.`)
  expect(now).not.toContain(`href="/projects/toy/rollback?to=${releaseId}"`)
  // A page of older entries has a way to the newest.
  expect(page).not.toContain('rel="first"')
  for (const [list, place] of [
    [history, '1'],
    ['/projects/toy', encodeURIComponent(workflowId)],
  ])
    expect(await text(`${list}?before=${place}`)).toContain(`<a rel="first" href="${list}">Newest</a>`)
})
