/** `npm run bench:quality [PROJECT…]`: each project against its yardstick. Exit code 1 when one is missed. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import Table from 'cli-table3'
import { measure as eta } from './eta.js'
import { measure as forecast } from './forecast.js'
import { measure as ranking } from './ranking.js'
import { measure as vision } from './vision.js'
import { isMet, type MeasureQuality, type Yardstick } from './yardstick.js'

const PROJECTS: Readonly<Record<string, MeasureQuality>> = { eta, ranking, forecast, vision }

const testData = process.env.SLIPWAY_TEST_DATA
if (!testData || !existsSync(testData)) {
  process.stderr.write(`SLIPWAY_TEST_DATA is "${testData ?? ''}"; name the folder that holds the real data sets\n`)
  process.exit(2)
}
const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !Object.hasOwn(PROJECTS, name))
if (unknown.length > 0) {
  process.stderr.write(`no yardstick for ${unknown.join(', ')}; there are ${Object.keys(PROJECTS).join(', ')}\n`)
  process.exit(2)
}

const figure = (value: number, { digits = 4 }: Yardstick) => value.toFixed(digits)
const wantedText = (yardstick: Yardstick): string => {
  const { wanted } = yardstick
  if (!wanted) return '–'
  return 'atLeast' in wanted ? `≥ ${figure(wanted.atLeast, yardstick)}` : `≤ ${figure(wanted.atMost, yardstick)}`
}

const table = new Table({
  head: ['project', 'what', 'measured', 'others', 'wanted', '', 'seconds'],
  style: { head: [], border: [] },
})
let missed = 0
const chosen = Object.entries(PROJECTS).filter(([name]) => asked.length === 0 || asked.includes(name))
for (const [name, measure] of chosen) {
  for await (const yardstick of measure({ testData: resolve(testData) })) {
    const met = isMet(yardstick)
    if (!met) missed += 1
    const { what, measured, others, wanted, seconds } = yardstick
    const value = figure(measured, yardstick)
    const verdict = wanted ? (met ? 'met' : 'MISSED') : ''
    process.stderr.write(`· ${name}: ${what} ${value} ${verdict}\n`)
    table.push([name, what, value, others ?? '–', wantedText(yardstick), verdict, seconds?.toFixed(1) ?? ''])
  }
}
process.stdout.write(`${table.toString()}\n${missed === 0 ? 'every yardstick is met' : `${missed} missed`}\n`)
process.exitCode = missed === 0 ? 0 : 1
