/** An alert on a metric that does not exist never fires, and nothing else would show it. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { LABELS_OF_THE_SDK, WORKER_METRICS } from '../../activities/worker-metrics.js'
import { createMetrics } from '../../serving/metrics.js'
import { ROOT, rawCompose } from '../support/compose-file.js'
import { findPromtool } from '../support/promtool.js'

const read = (name: string) => readFileSync(join(ROOT, 'deploy', 'monitoring', name), 'utf8')

interface Rule {
  readonly alert: string
  readonly expr: string
  readonly labels: { readonly severity: string }
  readonly annotations: { readonly summary: string; readonly action: string }
}
const { groups } = parse(read('alerts.yml')) as { groups: { rules: Rule[] }[] }
const rules = groups.flatMap((group) => group.rules)
const { panels, templating } = JSON.parse(read('grafana.json')) as {
  panels: { title: string; targets: { expr: string }[] }[]
  templating: { list: { query: string }[] }
}
const panelExpressions = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))

const { registry: _, ...own } = createMetrics()
const metrics = Object.values(own) as object[] as {
  name: string
  labelNames: string[]
  constructor: { name: string }
}[]
/** With the series of a histogram, and what the page on metrics lists of Temporal's. */
const known = new Map<string, readonly string[]>()
for (const { name, labelNames, constructor: type } of metrics) {
  if (type.name !== 'Histogram') known.set(name, labelNames)
  else for (const end of ['_bucket', '_count', '_sum']) known.set(`${name}${end}`, [...labelNames, 'le'])
}
for (const { name, labels, type } of Object.values(WORKER_METRICS)) {
  const all = [...labels, ...LABELS_OF_THE_SDK]
  if (type !== 'histogram') known.set(name, all)
  else for (const end of ['_bucket', '_count', '_sum']) known.set(`${name}${end}`, [...all, 'le'])
}
const temporal = new Set(readFileSync(join(ROOT, 'docs/reference/metrics.md'), 'utf8').match(/temporal_[a-z_]+/g))

const namesIn = (text: string) => text.match(/\b(?:slipway|temporal)_[a-z_]+/g) ?? []
const exists = (name: string) => known.has(name) || temporal.has(name.replace(/_(bucket|count|sum)$/, ''))

it('every metric of the alerts and of the dashboard exists', () => {
  const expressions = [
    ...rules.map(({ expr }) => expr),
    ...panelExpressions,
    ...templating.list.map(({ query }) => query),
  ]
  const names = expressions.flatMap(namesIn)
  expect(names.length).toBeGreaterThan(25)
  expect(names.filter((name) => !exists(name))).toEqual([])
  expect(exists('slipway_decisions')).toBe(false)
})

it('a selector or a grouping uses labels that the metric has', () => {
  for (const expr of [...rules.map((rule) => rule.expr), ...panelExpressions]) {
    const [name = ''] = namesIn(expr)
    const labels = known.get(name)
    if (!labels) continue
    const used = [
      ...[...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(',').map((label) => label.trim())),
      ...[...expr.matchAll(/[{,]\s*([a-zA-Z_]+)\s*[=!]/g)].map(([, label = '']) => label),
    ]
    for (const label of used) expect([...labels, 'instance', 'job'], `${label} in ${expr}`).toContain(label)
  }
})

it('each alert says what is lost and what to do, and those that wake a person are few', () => {
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length)
  for (const { alert, labels, annotations } of rules) {
    expect(['page', 'ticket'], alert).toContain(labels.severity)
    expect([annotations.summary.length > 20, annotations.action.length > 5], alert).toEqual([true, true])
  }
  expect(rules.filter(({ labels }) => labels.severity === 'page').length).toBeLessThan(7)
})

it('the example for Prometheus names services of the compose file', () => {
  const { scrape_configs: jobs } = parse(read('prometheus.yml')) as {
    scrape_configs: { static_configs: { targets: string[] }[] }[]
  }
  const hosts = jobs.flatMap((job) =>
    job.static_configs.flatMap(({ targets }) => targets.map((to) => to.split(':')[0])),
  )
  expect(hosts.length).toBeGreaterThan(5)
  for (const host of hosts) expect(Object.keys(rawCompose().services)).toContain(host)
})

const promtool = await findPromtool()
const check = (...args: string[]) => promisify(execFile)(promtool ?? '', ['check', ...args])

it.skipIf(promtool === undefined && !process.env.CI)(
  'Prometheus takes the rules and every expression of the dashboard',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-rules-'))
    const rulesOf = (name: string, expressions: readonly string[]) => {
      const file = join(folder, name)
      const rules = expressions.map((expr, index) => ({
        record: `panel:${index}`,
        expr: expr.replaceAll('$project', '.*'),
      }))
      writeFileSync(file, JSON.stringify({ groups: [{ name: 'panels', rules }] }))
      return file
    }
    try {
      const { stdout } = await check('rules', join(ROOT, 'deploy/monitoring/alerts.yml'))
      expect(stdout).toContain(`SUCCESS: ${rules.length} rules found`)
      await check('rules', rulesOf('panels.yml', panelExpressions))
      await expect(
        check('rules', rulesOf('wrong.yml', ['sum by (project) (slipway_decisions_total'])),
      ).rejects.toThrow()
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
)
