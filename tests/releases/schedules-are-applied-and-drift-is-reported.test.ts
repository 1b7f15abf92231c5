/**
 * The command line as child processes, with a dev server, a real registry and workers: Schedules as they really fire.
 */
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cadence } from '../../contracts/schemas/schedule.js'
import type { SchedulePolicy } from '../../contracts/types.js'
import type { Project } from '../../projects/project.js'
import { applySchedules } from '../../releases/schedules/apply.js'
import { scheduleStatuses } from '../../releases/schedules/statuses.js'
import { fireCadence } from '../../releases/schedules/steer-schedule.js'
import { type ProjectServer, projectServer } from '../support/project-server.js'
import { slipway } from '../support/slipway.js'
import { eventually } from '../support/steer.js'
import { project as watched } from '../watched-project/index.js'

const FOLDER = fileURLToPath(new URL('../watched-project', import.meta.url))
const CONDITIONS = ['old-data', 'costs-more', 'other-parcels']

let on: ProjectServer
beforeAll(async () => {
  // Trainer processes find the project by this.
  process.env.SLIPWAY_PROJECTS = FOLDER
  on = await projectServer([FOLDER])
})
afterAll(() => on?.close())

const run = (args: string[], environment: Record<string, string> = {}) =>
  slipway(['schedule', ...args], { ...on.environment, ...environment })

async function json<T>(...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await run([...args, '--json'])
  expect(code, stderr).toBe(0)
  return JSON.parse(stdout) as T
}

type Row = Record<string, unknown> & { project: string; condition: string | null; state: string }
/** Called in this process, because a command takes a second to start. */
const ofToy = async (condition: string | null = null) =>
  (await scheduleStatuses(world({}))).find((row) => row.project === 'toy' && row.condition === condition)
const applied = async () =>
  (await json<{ schedules: Row[] }>('apply', '--by', 'ana')).schedules.filter(({ project }) => project === 'toy')
const handle = (id = 'slipway/toy') => on.client.schedule.getHandle(id)
const releases = async () =>
  (await on.registry.ledger.entries('toy', { kind: 'trigger' })).map(
    ({ body }) => (body as { trigger: { id: string; kind: string; cutoff: string; cause?: object } }).trigger,
  )
const scheduled = async () => (await releases()).filter(({ kind }) => kind === 'schedule')
/** Projects with changed schedules, without files. */
const world = (...projects: Partial<Project>[]) => ({
  client: on.client,
  registry: on.registry,
  projects: new Map(projects.map((changed) => [changed.name ?? 'toy', { ...watched, ...changed } as Project])),
})

it('applied twice: created once, then unchanged in Temporal and in the ledger', async () => {
  const all = [null, ...CONDITIONS]
  expect(await applied()).toEqual(all.map((condition) => ({ project: 'toy', condition, done: 'created' })))
  const before = await handle().describe()
  expect(await applied()).toEqual(all.map((condition) => ({ project: 'toy', condition, done: 'unchanged' })))
  expect((await handle().describe()).info.lastUpdatedAt).toEqual(before.info.lastUpdatedAt)
  expect(await on.registry.ledger.entries('toy', { kind: 'schedule' })).toHaveLength(4)
  expect((await ofToy())?.state).toBe('applied')
  expect(await ofToy('old-data')).toMatchObject({ state: 'applied', cadence: 'freshness, checked every 12h' })
  expect(await json('list')).toEqual(expect.arrayContaining(await Promise.all(all.map(ofToy))))
})

it('overlap, catch-up, jitter and time zone are those of the policy, and Temporal fires at the computed instants', async () => {
  const { policies, spec, info } = await handle().describe()
  expect(policies).toMatchObject({ overlap: 'BUFFER_ONE', catchupWindow: 2 * 86_400_000 })
  expect(spec).toMatchObject({ jitter: 300_000, timezone: 'Europe/Berlin' })
  const next = info.nextActionTimes.map((time) => time.getTime())
  const meant = cadence('30 2 * * *', 'Europe/Berlin').nextRuns(next.length, new Date(Date.now() - 300_000))
  expect(next.length).toBeGreaterThan(3)
  next.forEach((time, index) => {
    const late = time - (meant[index] as Date).getTime()
    expect(late).toBeGreaterThanOrEqual(0)
    expect(late).toBeLessThanOrEqual(300_000)
  })
  const looks = (await handle('slipway/toy/old-data').describe()).info.nextActionTimes
  expect(looks.every((time) => time.getTime() % (12 * 3_600_000) === 0)).toBe(true)
})

it('every accepted cron line fires at the same instants in Temporal', async () => {
  const lines = [
    '15 4 * * mon-fri',
    '0 6 1,15 * *',
    '*/20 3 * * 7',
    '0 0 13 * 5',
    '5 12 29 feb *',
    '10 0-6/3 * 1-3 sun',
  ]
  const one = (cron: string, index: number): Partial<Project> => ({
    name: `cron-${index}`,
    triggers: undefined as never,
    schedule: { ...(watched.schedule as SchedulePolicy), cron, jitter: '1s' },
  })
  await applySchedules(world(...lines.map(one)), 'test')
  for (const [index, cron] of lines.entries()) {
    const { info } = await handle(`slipway/cron-${index}`).describe()
    const meant = cadence(cron, 'Europe/Berlin').nextRuns(info.nextActionTimes.length)
    const seconds = (times: Date[]) => times.map((time) => Math.floor(time.getTime() / 60_000))
    expect([cron, seconds(info.nextActionTimes)]).toEqual([cron, seconds(meant)])
    await handle(`slipway/cron-${index}`).delete()
  }
})

describe('the cutoff is the instant the schedule meant, never now:', () => {
  const from = new Date(Date.now() - 3 * 86_400_000).toISOString().slice(0, 10)
  const to = new Date(Date.now() - 86_400_000).toISOString()

  it('fired by hand', async () => {
    await json('trigger', 'toy')
    const [release] = await eventually('its release', async () => {
      const found = await scheduled()
      return found.length > 0 && found
    })
    const [fired] = (await handle().describe()).info.recentActions
    const { raw } = await on.client.workflow.getHandle(fired?.action.workflow.workflowId ?? '').describe()
    const meant = raw.workflowExecutionInfo?.searchAttributes?.indexedFields?.TemporalScheduledStartTime?.data
    expect(release?.cutoff).toBe(new Date(JSON.parse(Buffer.from(meant ?? []).toString()) as string).toISOString())
  })

  it('backfilled over past days: one release per day, with that day as cutoff; the same days again start nothing', async () => {
    const before = (await scheduled()).map(({ id }) => id)
    const { instants } = await json<{ instants: string[] }>('trigger', 'toy', '--from', from, '--to', to)
    expect(instants.length).toBeGreaterThanOrEqual(2)
    const made = await eventually('a release for each instant', async () => {
      const found = (await scheduled()).filter(({ id }) => !before.includes(id))
      return found.length >= instants.length && found
    })
    expect(made.map(({ cutoff }) => cutoff).sort()).toEqual(instants)
    const actions = async () => (await handle().describe()).info.numActionsTaken
    const taken = await actions()
    await json('trigger', 'toy', '--from', from, '--to', to)
    await eventually('all of them to have fired again', async () => {
      const { info } = await handle().describe()
      return info.numActionsTaken >= taken + instants.length && info.runningActions.length === 0
    })
    expect(await scheduled()).toHaveLength(before.length + instants.length)
  })

  it('around clock changes and with a jitter, each instant that is named fires once, and no other', async () => {
    const before = new Set((await scheduled()).map(({ id }) => id))
    // 02:30 does not exist in Berlin on 30 March and exists twice on 26 October, when Temporal means the second. The
    // last span ends at its instant: any jitter is beyond it.
    const spans = [
      { from: '2025-03-29', to: '2025-03-31T12:00Z' },
      { from: '2025-10-25', to: '2025-10-27T00:00Z' },
      { from: '2025-06-01T00:30Z', to: '2025-06-01T00:30Z' },
    ]
    const named: string[] = []
    for (const span of spans) {
      const instants = await fireCadence((work) => work(on.client), watched, span)
      named.push(...(instants ?? []).map((instant) => instant.toISOString()))
    }
    expect(named.at(-1)).toBe('2025-06-01T00:30:00.000Z')
    expect(named.filter((instant) => /03-30|10-26/.test(instant))).toEqual(['2025-10-26T01:30:00.000Z'])
    await eventually('a release for each instant', async () => {
      const { info } = await handle().describe()
      const found = (await scheduled()).filter(({ id }) => !before.has(id))
      return found.length >= named.length && info.runningActions.length === 0
    })
    const fired = (await scheduled()).filter(({ id }) => !before.has(id)).map(({ cutoff }) => cutoff)
    expect(fired.sort()).toEqual([...named].sort())
    await eventually('nothing left of what was asked', async () => {
      for await (const { scheduleId } of on.client.schedule.list()) if (scheduleId.includes('instants')) return false
      return true
    })
  })

  it('a span without one end, reversed, in the future, empty or months long is refused', async () => {
    const cases: [string[], RegExp][] = [
      [['--from', from], /--from and --to must be given together/],
      [['--from', to, '--to', from], /is after --to/],
      [['--from', from, '--to', '2999-01-01'], /is in the future/],
      [['--from', '2026-01-01T10:00Z', '--to', '2026-01-01T11:00Z'], /never fires in it/],
      [['--from', '2026-01-01', '--to', '2026-06-01'], /more than 31 instants/],
    ]
    const taken = (await handle().describe()).info.numActionsTaken
    for (const [args, message] of cases) {
      const span = Object.fromEntries(
        [args.slice(0, 2), args.slice(2)].map(([name = '', time]) => [name.slice(2), time]),
      )
      const fire = fireCadence((work) => work(on.client), watched, span)
      await expect(fire).rejects.toMatchObject({
        type: 'BadRequest',
        message: expect.stringMatching(message) as string,
      })
    }
    const { code, stderr } = await run(['trigger', 'toy', ...(cases[4]?.[0] ?? [])])
    expect([code, stderr]).toEqual([2, expect.stringContaining('more than 31 instants') as string])
    expect((await handle().describe()).info.numActionsTaken).toBe(taken)
  })
})

it('a pause and its note stay when another cadence is applied; an empty reason is refused', async () => {
  const paused = await json<Row>('pause', 'toy', '--by', 'ana', '--reason', 'stocktaking')
  expect(paused).toEqual({ project: 'toy', condition: null, note: 'paused by ana: stocktaking' })
  expect(await ofToy()).toMatchObject({ paused: true, note: 'paused by ana: stocktaking', state: 'applied' })
  const changed = { ...on.environment, WATCHED_CRON: '45 2 * * *' }
  const { stdout } = await slipway(['schedule', 'list', '--json'], changed)
  expect((JSON.parse(stdout) as Row[]).find((row) => row.project === 'toy')?.state).toBe('changed_in_project')
  const again = await slipway(['schedule', 'apply', '--json'], changed)
  const { schedules } = JSON.parse(again.stdout) as { schedules: Row[] }
  expect(schedules).toContainEqual({ project: 'toy', condition: null, done: 'updated' })
  expect((await handle().describe()).state).toMatchObject({ paused: true, note: 'paused by ana: stocktaking' })
  await json('resume', 'toy', '--by', 'ana', '--reason', 'counted')
  expect(await ofToy()).toMatchObject({ paused: false, note: 'resumed by ana: counted' })
  await json('pause', 'toy', '--condition', 'costs-more', '--by', 'ana', '--reason', 'labels are late')
  expect(await ofToy('costs-more')).toMatchObject({ paused: true, note: 'paused by ana: labels are late' })
  const empty = await run(['pause', 'toy', '--by', 'ana', '--reason', ' '])
  expect(empty).toMatchObject({ code: 2, stderr: expect.stringContaining('--reason is empty') as string })
  expect(await applied()).toContainEqual({ project: 'toy', condition: null, done: 'updated' })
})

it('changed by hand: reported as drift, and restored when applied; a pause by hand is not drift', async () => {
  await handle().update((found) => ({ ...found, spec: { cronExpressions: ['0 5 * * *'] } }))
  await handle('slipway/toy/old-data').update((found) => ({
    ...found,
    policies: { ...found.policies, overlap: 'ALLOW_ALL' },
  }))
  await handle('slipway/toy/other-parcels').pause('by hand in the Web UI')
  expect((await ofToy())?.state).toBe('drift')
  expect((await ofToy('old-data'))?.state).toBe('drift')
  expect(await ofToy('other-parcels')).toMatchObject({ state: 'applied', paused: true, note: 'by hand in the Web UI' })
  expect((await applied()).map(({ done }) => done)).toEqual(['put_right', 'put_right', 'unchanged', 'unchanged'])
  expect((await ofToy())?.state).toBe('applied')
  const { spec } = await handle().describe()
  expect(spec.timezone).toBe('Europe/Berlin')
})

it('deleted by hand: reported as drift, and created again when applied', async () => {
  await handle('slipway/toy/old-data').delete()
  expect((await ofToy('old-data'))?.state).toBe('drift')
  expect((await applied()).map(({ done }) => done)).toEqual(['unchanged', 'put_right', 'unchanged', 'unchanged'])
  expect((await ofToy('old-data'))?.state).toBe('applied')
})

it('schedules that no project states any more are reported, continue to fire and are never deleted', async () => {
  await applySchedules(world({ name: 'gone', triggers: undefined as never }), 'test')
  await applySchedules(
    world({
      schedule: undefined as never,
      triggers: {
        perDay: 1,
        conditions: [{ name: 'former', condition: 'freshness', olderThan: '1d', every: '1d', coolDown: '1d' }],
      },
    }),
    'test',
  )
  await eventually('both in the list', async () => {
    const removed = (await json<Row[]>('list')).filter(({ state }) => state === 'removed')
    return (
      removed
        .map(({ project, condition }) => `${project}/${condition}`)
        .sort()
        .join() === 'gone/null,toy/former'
    )
  })
  const { removed } = await json<{ removed: Row[] }>('apply')
  expect(removed).toHaveLength(2)
  for (const id of ['slipway/gone', 'slipway/toy/former']) {
    expect((await handle(id).describe()).state.paused).toBe(false)
    await handle(id).delete()
  }
})

describe('refused with field, value and fix, and nothing is applied:', () => {
  const CASES: [string, Partial<SchedulePolicy>, RegExp][] = [
    [
      'never fires',
      { cron: '0 4 30 2 *' },
      /schedule of bad: cron is "0 4 30 2 \*": never fires; name a day that exists/,
    ],
    [
      'never fires in Temporal, where both day fields must match',
      { cron: '0 4 30 feb 1' },
      /never fires; .*both day fields/,
    ],
    [
      'each minute',
      { cron: '* * * * *' },
      /cron is "\* \* \* \* \*": fires every minute; the shortest cadence is 10 minutes/,
    ],
    ['each second', { cron: '* * * * * *' }, /is not a cadence; write five fields/],
    ['too often on one day of the year', { cron: '0,5 0 1 1 *' }, /fires every 5 minutes/],
    ['syntax of another cron', { cron: '0 0 L * *' }, /is not a cadence/],
    ['syntax of Temporal only', { cron: '@every 1s' }, /is not a cadence/],
    ['a day that does not exist', { cron: '0 0 32 * *' }, /is not a cadence/],
    [
      'a time zone that does not exist',
      { timeZone: 'Europe/Atlantis' },
      /timeZone is "Europe\/Atlantis": is not a time zone; write it as Europe\/Berlin or UTC$/,
    ],
    [
      'a time zone in lower case, which Temporal does not know',
      { timeZone: 'europe/berlin' },
      /timeZone is "europe\/berlin"/,
    ],
    ['a time zone of one part in lower case', { timeZone: 'utc' }, /timeZone is "utc": is not a time zone/],
    ['a catch-up that is not a duration', { catchUp: 'soon' }, /catchUp is "soon": must be a duration such as 5d/],
  ]

  it.each(CASES)('%s', async (_what, changed, message) => {
    const good = { name: 'fine', triggers: undefined as never }
    const bad = { ...good, name: 'bad', schedule: { ...(watched.schedule as SchedulePolicy), ...changed } }
    await expect(applySchedules(world(good, bad), 'test')).rejects.toThrow(message)
    for (const id of ['slipway/fine', 'slipway/bad']) await expect(handle(id).describe()).rejects.toThrow(/not.*found/i)
  })

  it('a time zone that only Temporal refuses', async () => {
    const schedule = { ...(watched.schedule as SchedulePolicy), timeZone: 'EUROPE/KYIV' }
    const message =
      'schedule of bad: Temporal refuses it: unknown time zone EUROPE/KYIV; change the schedule of the project'
    const applying = applySchedules(world({ name: 'bad', schedule, triggers: undefined as never }), 'test')
    await expect(applying).rejects.toMatchObject({ type: 'BadRequest', message })
    await expect(handle('slipway/bad').describe()).rejects.toThrow(/not.*found/i)
    expect(await on.registry.ledger.entries('bad')).toEqual([])
  })

  it('conditions: checked every minute, two with one name, no feature, an unknown kind', async () => {
    const [first] = watched.triggers?.conditions ?? []
    const refused = (conditions: object[], message: RegExp) =>
      expect(
        applySchedules(world({ name: 'bad', triggers: { perDay: 1, conditions } as never }), 'test'),
      ).rejects.toThrow(message)
    await refused([{ ...first, every: '1m' }], /triggers of bad: conditions.0.every is "1m": must be from 10m to 31d/)
    await refused([first ?? {}, first ?? {}], /conditions.1.name is "old-data": is the name of another condition too/)
    await refused(
      [{ ...watched.triggers?.conditions[2], features: ['x'] }],
      /must be written as input.distance or output.score/,
    )
    await refused([{ ...first, condition: 'mood' }], /conditions.0/)
    await expect(handle('slipway/bad').describe()).rejects.toThrow(/not.*found/i)
  })

  it('by the command, before it opens any server', async () => {
    const nowhere = { TEMPORAL_ADDRESS: '127.0.0.1:1' }
    const zone = { ...nowhere, WATCHED_ZONE: 'Mars/Phobos' }
    const [never, apply, span] = await Promise.all([
      run(['apply'], { ...nowhere, WATCHED_CRON: '0 0 30 2 *' }),
      run(['apply', '--json'], zone),
      run(['trigger', 'toy', '--from', '2026-01-01', '--to', '2026-01-02', '--json'], zone),
    ])
    expect(never).toMatchObject({ code: 2, stdout: '' })
    expect(never.stderr).toContain('schedule of toy: cron is "0 0 30 2 *": never fires')
    const message = 'schedule of toy: timeZone is "Mars/Phobos": is not a time zone; write it as Europe/Berlin or UTC'
    for (const { code, stdout } of [apply, span])
      expect([code, JSON.parse(stdout)]).toEqual([2, { error: { type: 'BadRequest', message } }])
  })
})

describe('a condition checked by hand', () => {
  it('prints its numbers and starts a release; a second check is suppressed, and both are listed and shown', async () => {
    // Releases from the tests above are still open; they would suppress this one.
    for (const { workflowId, verdict } of await on.registry.runs.list('toy')) {
      if (verdict === null) await on.client.workflow.getHandle(workflowId).cancel()
    }
    await eventually('none to be under way', async () =>
      (await on.registry.runs.list('toy')).every(({ verdict }) => verdict !== null),
    )
    const first = await json<Row & { numbers: Record<string, number>; release: string }>(
      'trigger',
      'toy',
      '--condition',
      'old-data',
    )
    expect(first).toMatchObject({ outcome: 'started', numbers: { boundHours: 672 } })
    expect(first.release).toMatch(/^release\/toy\/condition-old-data-\d{4}-\d{2}-\d{2}$/)
    const trigger = await eventually('its release', async () =>
      (await releases()).find(({ kind }) => kind === 'condition'),
    )
    expect(trigger.cause).toMatchObject({ condition: 'old-data', numbers: first.numbers })
    const shown = await slipway(['release', 'show', first.release], on.environment)
    expect(shown.stdout).toContain(`ageHours ${first.numbers.ageHours}`)
    // The release runs every stage: it validates and trains first.
    await eventually(
      'its snapshot',
      async () => (await on.registry.ledger.entries('toy', { kind: 'snapshot', subject: first.release }))[0],
    )

    const again = await json<Row>('trigger', 'toy', '--condition', 'old-data')
    expect(again).toMatchObject({ outcome: 'suppressed', suppressed: { by: 'cool_down' }, release: null })
    // The schedule does the same as the check by hand.
    const seen = (await on.registry.ledger.entries('toy', { kind: 'condition' })).length
    await handle('slipway/toy/old-data').trigger()
    await eventually(
      'the schedule to have checked',
      async () => (await handle('slipway/toy/old-data').describe()).info.numActionsTaken > 0,
    )
    expect(await on.registry.ledger.entries('toy', { kind: 'condition' })).toHaveLength(seen)
    expect((await releases()).filter(({ kind }) => kind === 'condition')).toHaveLength(1)
    expect((await ofToy('old-data'))?.last).toMatchObject({ outcome: 'suppressed' })
    const { stdout } = await run(['trigger', 'toy', '--condition', 'costs-more'])
    expect(stdout).toMatch(/toy\/costs-more: cannot say\n0 labelled decisions on the newest 2 mature days/)
  })

  it('an unknown condition is refused, with the known ones', async () => {
    const { code, stderr } = await run(['trigger', 'toy', '--condition', 'nope'])
    expect(code).toBe(2)
    expect(stderr).toContain('toy has no condition "nope"; known: old-data, costs-more, other-parcels')
  })
})
