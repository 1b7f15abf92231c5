/** `npm run test:durations -- REPORT.json`: keeps how long each file took in a run with `--reporter=json --outputFile.json=REPORT.json`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

interface Report {
  readonly testResults: readonly { readonly name: string; readonly startTime: number; readonly endTime: number }[]
}

const FILE = fileURLToPath(new URL('durations.json', import.meta.url))
const LONGEST = 10

const [path] = process.argv.slice(2)
if (path === undefined) throw new Error('name the JSON report of a test run')
const root = resolve(fileURLToPath(new URL('..', import.meta.url)))
const { testResults } = JSON.parse(readFileSync(path, 'utf8')) as Report
const took = testResults.map(({ name, startTime, endTime }): [string, number] => [
  relative(root, name),
  Math.max(1, Math.round((endTime - startTime) / 1_000)),
])
// A run of some files keeps what is known of the others.
const kept = JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, number>
const all = Object.entries({ ...kept, ...Object.fromEntries(took) }).sort(([a], [b]) => (a < b ? -1 : 1))
writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`)
const longest = took.toSorted(([, a], [, b]) => b - a).slice(0, LONGEST)
for (const [name, seconds] of longest) process.stdout.write(`${String(seconds).padStart(5)} s  ${name}\n`)
