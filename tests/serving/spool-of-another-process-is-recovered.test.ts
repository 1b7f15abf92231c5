/**
 * Spools that other processes left on a volume: recovered once no process owns them, whatever the hosts were called.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Project } from '../../projects/project.js'
import type { DecisionRow } from '../../registry/index.js'
import { createSpoolRecovery } from '../../serving/log/recover-spools.js'
import { createSpool } from '../../serving/log/spool.js'
import { lineOf } from '../../serving/log/spool-lines.js'
import { project as toy } from '../toy-project/index.js'
import { logged, openWorld, until, type World } from './support.js'

/** More looks than any spool has to be quiet for. */
const LOOKS = 14
const ID = '3b0f8a8e-6d3c-4a53-9a0e-2f7b6b1c0d1e'
let world: World
let folder: string
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world?.stop())
beforeEach(() => {
  folder = join(mkdtempSync(join(world.folder, 'volume-')), 'spool')
  mkdirSync(folder)
})

const row = (decisionId: string, more: Partial<DecisionRow> = {}): DecisionRow => ({
  decisionId,
  workflowId: '',
  releaseId: world.baseline,
  arm: 'production',
  source: 'live',
  entityHash: 'e',
  eventAt: Date.now(),
  output: { probability: 0.5 },
  action: 'warn',
  input: { x: 1 },
  inputDigest: 'd',
  ...more,
})
const linesOf = (...ids: string[]) => ids.map((id) => lineOf(row(id))).join('')
const write = (name: string, text: string) => writeFileSync(join(folder, name), text)
const recoveryOf = () =>
  createSpoolRecovery({
    folder,
    registry: world.registry,
    projects: new Map([['toy', toy]]),
    own: () => [],
    timeoutMs: 10_000,
    onProblem: () => {},
  })
async function recovered(looks = LOOKS) {
  const recovery = recoveryOf()
  for (let look = 0; look < looks; look += 1) await recovery.look()
  await recovery.stop()
  return recovery.report
}
const inLog = async (...ids: string[]) => {
  const rows = await logged(world)
  return ids.filter((id) => rows.has(id))
}

it('a container that was created again finds the spool of the one before it, of this build and of earlier ones', async () => {
  write('toy.4f2a91c0d3b7.7-0a1b2c3d.ndjson', linesOf('earlier-build'))
  write('toy.gateway.example.org.1-0a1b2c3d.ndjson', linesOf('host-with-dots'))
  write(`toy.${ID}.0a1b2c3d.ndjson`, linesOf('killed'))
  write(`toy.${ID.replace('3', '4')}.left.ndjson`, linesOf('stopped'))
  await recovered(1)
  expect(await inLog('earlier-build', 'host-with-dots', 'killed', 'stopped')).toEqual(['stopped'])
  expect(await recovered()).toEqual({ unread: [], refused: new Map() })
  expect(await inLog('earlier-build', 'host-with-dots', 'killed')).toHaveLength(3)
  expect(readdirSync(folder)).toEqual([])
})

it('two live gateways on one volume leave each other their spools', async () => {
  const other = createSpool(folder, 'toy')
  await other.append([row('of-the-other')])
  const recovery = recoveryOf()
  for (let look = 0; look < 6; look += 1) {
    await recovery.look()
    await pause(2_500)
  }
  expect(recovery.report.unread).toEqual([
    { file: other.file, project: 'toy', bytes: other.backlog, problem: 'it belongs to another process' },
  ])
  expect(await inLog('of-the-other')).toEqual([])
  await other.leave()
  await recovery.look()
  expect(await inLog('of-the-other')).toEqual(['of-the-other'])
})

it('a process that was suspended, and lost its spool meanwhile, loses no decision that it answers afterwards', async () => {
  const suspended = createSpool(folder, 'toy')
  await suspended.append([row('before')])
  const lost = suspended.file
  // Looks without a pause between them: the owner cannot touch its file.
  await recovered()
  expect(await inLog('before')).toEqual(['before'])
  await suspended.append([row('after')])
  expect(suspended.file).not.toBe(lost)
  expect((await suspended.peek()).rows.map(({ row: { decisionId } }) => decisionId)).toEqual(['before', 'after'])
  await recovered()
  expect(await inLog('after')).toEqual(['after'])
})

it('an incomplete last line was never answered; the lines before it are recovered', async () => {
  write(`toy.${ID}.left.ndjson`, `${linesOf('complete')}${linesOf('cut-off').slice(0, 40)}`)
  expect((await recovered(1)).refused.size).toBe(0)
  expect(await inLog('complete', 'cut-off')).toEqual(['complete'])
  expect(readdirSync(folder)).toEqual([])
})

it('lines that the database or this build refuses are kept and counted, and stop no other line', async () => {
  const bad = [
    lineOf(row('nul', { input: { text: '\0' } })),
    lineOf(row('no-finite-loss', { expectedLoss: 1e300 })),
    lineOf(row('no-time', { eventAt: 1e20 })),
    lineOf(row('too-large-a-bucket', { split: { bucket: 1e12, weight: 1 } })),
    lineOf(row('of-another-version')).replace('"version":1', '"version":2'),
    '{"cut": in the middle\n',
  ]
  write(`toy.${ID}.left.ndjson`, bad.flatMap((line, index) => [line, linesOf(`good-${index}`)]).join(''))
  expect(await recovered(1)).toEqual({ unread: [], refused: new Map() })
  expect(await recovered(1)).toEqual({ unread: [], refused: new Map([['toy', bad.length]]) })
  expect(await inLog(...bad.map((_, index) => `good-${index}`))).toHaveLength(bad.length)
  const kept = readFileSync(join(folder, `toy.${ID}.refused.ndjson`), 'utf8')
    .trimEnd()
    .split('\n')
  const found = kept.map((line) => JSON.parse(line) as { line: string; problem: string })
  expect(found.map(({ line }) => `${line}\n`).sort()).toEqual([...bad].sort())
  expect(found.every(({ problem }) => problem.length > 0)).toBe(true)
})

it('spools of unknown projects and other files stay, are shown, and stop nothing', async () => {
  write(`gone.${ID}.left.ndjson`, linesOf('of-an-unknown-project'))
  write('notes.txt', 'of an operator')
  mkdirSync(join(folder, `toy.${ID}.left.ndjson`))
  write(`toy.${ID.replace('3', '4')}.left.ndjson`, linesOf('beside-them'))
  const { unread } = await recovered()
  expect(unread.map(({ file, project }) => [file, project])).toEqual([
    [`gone.${ID}.left.ndjson`, 'gone'],
    ['notes.txt', null],
    [expect.stringContaining(`toy.${ID}`), 'toy'],
  ])
  expect(unread[0]).toMatchObject({ problem: 'this service has no project "gone"' })
  expect(await inLog('beside-them', 'of-an-unknown-project')).toEqual(['beside-them'])
})

it('a service shows spools that are not read in /readyz and metrics, and one project cannot stop the housekeeping of others', async () => {
  write(`gone.${ID}.left.ndjson`, linesOf('of-gone'))
  write(`toy.${ID}.left.ndjson`, lineOf(row('refused', { input: '\0' })) + linesOf('recovered'))
  for (const project of ['broken', 'toy']) {
    await world.registry.evidence.recordDecisions(project, [row(`early-${project}`)])
    await world.registry.labels.setAside(project, [
      { decisionId: `early-${project}`, label: 1, observedAt: Date.now() },
    ])
  }
  const broken: Project = {
    ...(toy as Project),
    name: 'broken',
    loss: () => {
      throw new Error('no loss today')
    },
  }
  const problems: string[] = []
  const projects = new Map([['broken', broken] as const, ['toy', toy as Project] as const])
  const gateway = await world.gateway({ spoolFolder: folder, projects, onProblem: (text) => problems.push(text) })
  await until('the refused row is counted', () => gateway.service.spools.refused.get('toy') === 1)
  expect(problems).toContain('no loss today')
  expect(await world.registry.labels.early('toy')).toEqual([])
  expect(await inLog('recovered')).toEqual(['recovered'])
  const { bytes } = gateway.service.spools.unread[0] ?? { bytes: 0 }
  expect(bytes).toBe(linesOf('of-gone').length)
  const { body } = await gateway.get('/readyz')
  expect(body).toMatchObject({
    projects: [{ project: 'broken' }, { project: 'toy', refusedRows: 1, unreadSpoolBytes: 0 }],
    unreadSpools: [{ file: `gone.${ID}.left.ndjson`, bytes }],
  })
  const { text } = (await gateway.get('/metrics')).body
  expect(text).toContain(`slipway_spool_unread_bytes{project="gone"} ${bytes}`)
  expect(text).toContain('slipway_spool_refused_rows{project="toy"} 1')
  expect(existsSync(join(folder, `gone.${ID}.left.ndjson`))).toBe(true)
})
