import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeProject } from '../../../cli/runtime/write-project.js'
import { number } from '../../../console/html.js'
import type { EvaluationReport, Judgement } from '../../../contracts/types.js'
import { type ProjectServer, projectServer } from '../../support/project-server.js'
import { slipway } from '../../support/slipway.js'
import { eventually, operate, resultOf } from '../../support/steer.js'

const SCRIPT = '<script>alert("night shift")</script>'
const ESCAPED = '&lt;script&gt;alert(&quot;night shift&quot;)&lt;/script&gt;'

let within: string
let on: ProjectServer
let promoted: { id: string; releaseId: string; page: string }
let held: { id: string; page: string }
beforeAll(async () => {
  within = mkdtempSync(join(tmpdir(), 'slipway-report-'))
  const { folder } = await writeProject('parcels', within)
  on = await projectServer([folder])
  const id = await on.start('parcels', 'first', {}, 60_000)
  await eventually('a canary', async () => {
    const steps = await on.registry.ledger.entries('parcels', { kind: 'canary_step', subject: id })
    return steps.length > 0
  })
  await operate(on, id, 'pause', { by: 'ana & bo', reason: SCRIPT })
  await operate(on, id, 'resume', { by: 'ana & bo', reason: 'false alarm' })
  await operate(on, id, 'extend', { by: 'ana & bo', reason: 'labels come late' })
  promoted = { id, releaseId: String((await resultOf(on, id)).releaseId), page: await report(id) }
  // The same data and seed give the same release again, which cannot be better than itself.
  const again = await on.start('parcels', 'again')
  await resultOf(on, again)
  held = { id: again, page: await report(again) }
})
afterAll(async () => {
  await on?.close()
  rmSync(within, { recursive: true, force: true })
})

async function report(id: string): Promise<string> {
  const file = join(within, `${id.replaceAll('/', '-')}.html`)
  const done = await slipway(['report', id, '--out', file, '--json'], on.environment)
  expect([done.code, done.stderr]).toEqual([0, ''])
  expect(JSON.parse(done.stdout)).toMatchObject({ file, verdict: expect.any(String) })
  return readFileSync(file, 'utf8')
}

const evaluationOf = async (id: string) => {
  const [entry] = await on.registry.ledger.entries('parcels', { kind: 'evaluation', subject: id })
  return entry?.body.report as EvaluationReport
}

/** A pattern for a table row with these texts in order. */
const row = (...cells: string[]) =>
  new RegExp(
    cells
      .map((cell) => `<td[^>]*>(?:<[^>]+>)*${cell.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?:<[^>]+>)*</td>`)
      .join(''),
  )

describe('the report', () => {
  it.each([
    ['promoted', () => promoted],
    ['held', () => held],
  ])('of a %s release shows each gate with its number and its threshold', async (_verdict, which) => {
    const { id, page } = which()
    const { gates, metrics } = await evaluationOf(id)
    expect(gates).toHaveLength(4)
    for (const { name, passed, detail, value, threshold } of gates) {
      expect(page).toMatch(row(name, passed ? 'passed' : 'FAILED', detail, number(value), number(threshold)))
    }
    for (const [name, value] of Object.entries(metrics.candidate)) {
      expect(page).toMatch(row(name, number(value), number(metrics.production[name])))
    }
  })

  it('names at the top who extended the deadline, and why', () => {
    const top = promoted.page.slice(0, promoted.page.indexOf('</header>'))
    expect(top).toMatch(/Deadline extended<\/span> by ana &amp; bo: labels come late/)
    expect(held.page).not.toContain('Deadline extended')
  })

  it('starts with the verdict and its reason', () => {
    expect(promoted.page).toContain(`<h1>${promoted.releaseId} <span class="badge promoted">promoted</span></h1>`)
    expect(promoted.page).toContain('<code>non_inferior</code>')
    expect(held.page).toContain('<span class="badge held">held</span>')
    expect(held.page).toContain('<code>hold:cost_improves</code>')
    expect(held.page).toContain('Failed gates:')
    expect(promoted.page).not.toContain('Failed gates:')
  })

  it('draws the figures of the project, and the looks of canary and probation', async () => {
    const { figures = [] } = await evaluationOf(promoted.id)
    expect(figures.map(({ title }) => title)).toEqual(['Calibration', 'Cost against threshold', 'Recall by slice'])
    for (const { title } of figures) expect(promoted.page).toContain(`<h3>${title}</h3>`)
    // For each phase: the interval, the number of mature decisions, the effect by day, and the label lag.
    const plots = (page: string) => page.match(/<svg[^>]* role="(img|group)"/g)?.length
    expect(plots(promoted.page)).toBe(figures.length + 2 * 4)
    expect(plots(held.page)).toBe(figures.length)
    expect(promoted.page).not.toContain('NaN')
    const looks = await on.registry.ledger.entries('parcels', { kind: 'judgement', subject: promoted.id })
    const last = looks.filter(({ body }) => body.phase === 'canary').at(-1)?.body.judgement as Judgement
    expect(last.action).toBe('promote')
    const interval = `[${last.numbers.interval?.map(number).join(', ')}]`
    expect(promoted.page).toMatch(row(number(last.numbers.effect), interval))
  })

  it('shows operator actions and alias moves', () => {
    expect(promoted.page).toMatch(row('pause', 'ana &amp; bo', ESCAPED))
    expect(promoted.page).toMatch(row('production', 'parcels_v1', promoted.releaseId))
    expect(held.page).toContain('No operator acted.')
    expect(held.page).toContain('No alias moved.')
  })

  it('shows texts that operators typed without interpreting them as HTML', () => {
    expect(promoted.page).toContain(ESCAPED)
    expect(promoted.page).not.toContain('<script')
    expect(promoted.page).toContain('default-src &#39;none&#39;; img-src data:; style-src &#39;unsafe-inline&#39;')
  })

  it('loads no external resource', () => {
    for (const { page } of [promoted, held]) {
      const found = [
        ...page.matchAll(/(?:src|href|srcset|action|data)\s*=\s*["']?\s*(?:https?:)?\/\//gi),
        ...page.matchAll(/<(?:link|script|iframe|object|embed|base|form)\b|@import|url\((?!#)/gi),
      ]
      expect(found.map(([text]) => text)).toEqual([])
    }
  })

  it('is also found by the release id: of the newest run, which names the earlier ones', async () => {
    const page = await report(promoted.releaseId)
    expect(page).toContain(`<dt>earlier runs of this release</dt><dd>${promoted.id}</dd>`)
    expect(page).toContain(held.id)
  })

  it.each([
    ['no such release', ['report', 'parcels_v99'], /no release or release run "parcels_v99"/],
    ['a missing output folder', ['report', 'parcels_v2', '--out', '/no/such/folder/x.html'], /does not exist/],
  ])('is refused for %s, and nothing is written', async (_what, args, problem) => {
    const before = readdirSync(within)
    const refused = await slipway(args, on.environment)
    expect(refused.code).toBe(2)
    expect(refused.stderr).toMatch(problem)
    expect(readdirSync(within)).toEqual(before)
  })
})
