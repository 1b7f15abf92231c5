/**
 * One trigger is one release permanently: Temporal forgets runs some time after they have ended, the ledger does not.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { releaseStart } from '../../contracts/release-start.js'
import { cadence } from '../../contracts/schemas/schedule.js'
import type { Project } from '../../projects/project.js'
import { runStatus } from '../../releases/run-status.js'
import { applySchedules } from '../../releases/schedules/apply.js'
import { inputOf } from '../serving/support.js'
import { appendAnything } from '../support/append-anything.js'
import { type ProjectServer, projectServer } from '../support/project-server.js'
import { slipway } from '../support/slipway.js'
import { eventually, resultOf } from '../support/steer.js'
import { project as watched } from '../watched-project/index.js'

const FOLDER = fileURLToPath(new URL('../watched-project', import.meta.url))

let on: ProjectServer
let folder: string
beforeAll(async () => {
  // Trainer processes find the project by this.
  process.env.SLIPWAY_PROJECTS = FOLDER
  folder = mkdtempSync(join(tmpdir(), 'slipway-known-'))
  on = await projectServer([FOLDER])
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await on?.close()
})

const start = async (trigger: string, ...args: string[]) => {
  const { code, stdout, stderr } = await slipway(
    ['release', 'start', 'toy', '--trigger', trigger, ...args],
    on.environment,
  )
  const lines = () =>
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
  return { code, stdout, stderr, lines }
}
const idOf = (trigger: string) => `release/toy/${trigger}`
const entryCount = async () => (await on.registry.ledger.entries('toy')).length
/** Records a release in the ledger as if Temporal had forgotten it. */
const remember = async (trigger: string, verdict?: object) => {
  const subject = idOf(trigger)
  const of = (kind: 'trigger' | 'verdict', body: object) =>
    appendAnything(on.registry, { project: 'toy', kind, subject, key: `${subject}:${kind}`, body: { ...body } })
  await of('trigger', inputOf(subject))
  if (verdict) await of('verdict', { project: 'toy', workflowId: subject, releaseId: null, ...verdict })
}

describe('a release that has ended', () => {
  const options = ['--parameter', 'useless=true', '--cutoff', '2001-01-20', '--speed', '40000']
  const verdict = { verdict: 'held', reason: 'hold:cost_improves' }

  const same = { workflowId: idOf('nightly'), existed: true }
  const runId = async () => (await on.client.workflow.getHandle(idOf('nightly')).describe()).runId

  it('is started once', async () => {
    const { code, lines } = await start('nightly', ...options, '--json')
    expect([code, lines()]).toEqual([0, [expect.objectContaining({ existed: false, differs: [] })]])
    expect(await resultOf(on, idOf('nightly'))).toMatchObject(verdict)
  })

  it('repeated: the first request counts, and nothing differs', async () => {
    const [run, entries] = [await runId(), await entryCount()]
    expect((await start('nightly', ...options, '--json')).lines()).toMatchObject([{ ...same, differs: [] }])
    // Options that are not given are not compared.
    expect((await start('nightly', '--json')).lines()).toMatchObject([{ ...same, differs: [] }])
    expect([await runId(), await entryCount()]).toEqual([run, entries])
  })

  it('repeated with other content: the first request counts, and the differences are listed', async () => {
    const [run, entries] = [await runId(), await entryCount()]
    const policy = join(folder, 'policy.json')
    writeFileSync(policy, JSON.stringify({ deadline: '3d' }))
    const source = join(folder, 'rows.csv')
    writeFileSync(source, '')
    const other = [
      '--cutoff',
      '2001-01-21',
      '--speed',
      '7',
      '--evidence',
      'live',
      '--policy',
      policy,
      '--parameter',
      'epochs=3',
      '--snapshot',
      source,
    ]
    const otherwise = await start('nightly', ...other, '--json')
    expect(otherwise).toMatchObject({ code: 0, stderr: '' })
    expect(otherwise.lines()).toMatchObject([same])
    expect(otherwise.lines()[0]?.differs).toEqual([
      { field: 'source', first: null, asked: source },
      { field: 'cutoff', first: '2001-01-20T00:00:00.000Z', asked: '2001-01-21T00:00:00.000Z' },
      { field: 'evidence', first: 'replay', asked: 'live' },
      { field: 'parameters.useless', first: true, asked: null },
      { field: 'parameters.epochs', first: null, asked: 3 },
      { field: 'policy.deadline', first: '14d', asked: '3d' },
      { field: 'speed', first: 40_000, asked: 7 },
    ])
    expect([await runId(), await entryCount()]).toEqual([run, entries])
  })

  it('forgotten by Temporal: the same answer, its verdict, and nothing is started', async () => {
    const { namespace } = on.client.options
    const workflowExecution = { workflowId: idOf('nightly') }
    await on.client.workflowService.deleteWorkflowExecution({ namespace, workflowExecution })
    const status = () => runStatus(on.client, idOf('nightly'))
    await eventually('Temporal to forget it', async () => (await status()) === 'GONE')
    const entries = await entryCount()
    const { code, stdout } = await start('nightly', '--parameter', 'epochs=3', '--wait')
    expect(code).toBe(0)
    expect(stdout).toContain(
      'release/toy/nightly exists already: one trigger is one release, with the content of the first request',
    )
    expect(stdout).toContain('\n  parameters.epochs 3 is ignored; the release has none\n')
    expect(stdout).toContain(`\n${verdict.verdict}: ${verdict.reason}\n`)
    expect([await status(), await entryCount()]).toEqual(['GONE', entries])
  })
})

it('forgotten by Temporal and failed: start exits with 0, start --wait with 1', async () => {
  await remember('broken', { verdict: 'failed', reason: 'trainer_failed', detail: 'it crashed' })
  const [asked, waited] = [await start('broken', '--json'), await start('broken', '--wait', '--json')]
  expect([asked.code, waited.code]).toEqual([0, 1])
  expect(waited.lines()[1]).toMatchObject({ verdict: 'failed', reason: 'trainer_failed' })
  expect(await runStatus(on.client, idOf('broken'))).toBe('GONE')
})

it('forgotten before it had a verdict: --wait does not hang, and names the command that concludes it', async () => {
  await remember('lost')
  expect((await start('lost', '--json')).lines()).toMatchObject([{ existed: true }])
  const { code, stderr } = await start('lost', '--wait')
  expect(code).toBe(2)
  expect(stderr).toContain(
    'Temporal does not know release/toy/lost. It has no verdict; conclude it with: slipway release',
  )
  expect(await runStatus(on.client, idOf('lost'))).toBe('GONE')
})

it('known only to Temporal, because no worker has run it yet: found there, and the differences are unknown', async () => {
  const begun = releaseStart(inputOf(idOf('not-begun')))
  const { firstExecutionRunId } = await on.client.workflow.start('release', { ...begun, taskQueue: 'nobody' })
  const { code, lines } = await start('not-begun', '--parameter', 'epochs=3', '--json')
  expect([code, lines()]).toEqual([0, [expect.objectContaining({ existed: true, differs: null })]])
  const handle = on.client.workflow.getHandle(idOf('not-begun'))
  expect((await handle.describe()).runId).toBe(firstExecutionRunId)
  await handle.terminate('the test is over')
})

it('a backfill further back than Temporal remembers: the schedule fires, and starts no second release', async () => {
  const { schedule } = watched
  const instant = cadence(schedule?.cron ?? '', schedule?.timeZone ?? '').nextRun(new Date('2025-01-01')) ?? new Date(0)
  const trigger = `schedule-${instant.toISOString().slice(0, 16).replace(':', '')}`
  await remember(trigger, { verdict: 'promoted', reason: 'non_inferior', detail: 'long ago' })
  const projects = new Map([['toy', watched as Project]])
  await applySchedules({ client: on.client, registry: on.registry, projects }, 'test')
  const handle = on.client.schedule.getHandle('slipway/toy')
  const around = (ms: number) => new Date(instant.getTime() + ms)
  await handle.backfill({ start: around(-3_600_000), end: around(3_600_000), overlap: 'ALLOW_ALL' })
  const fired = await eventually('it to fire', async () => (await handle.describe()).info.recentActions[0])
  const result = await on.client.workflow.getHandle(fired.action.workflow.workflowId).result()
  expect(result).toBe(idOf(trigger))
  expect(await runStatus(on.client, idOf(trigger))).toBe('GONE')
})
