/**
 * `npm run bench`: what Slipway costs, in numbers. `npm run bench -- registry rollback` runs the named measurements
 * only, `--small` a quick check of each. Prints a table, and JSON as the last line. Only ratios of one run can be
 * compared with those of another machine.
 */
import { MEASUREMENTS } from './all-measurements.js'
import { holds, type Line, textOf } from './measurement.js'

const print = (text: string) => process.stdout.write(`${text}\n`)
const say = (text: string) => process.stderr.write(`  ${text}\n`)

const args = process.argv.slice(2)
const small = args.includes('--small')
const named = args.filter((arg) => arg !== '--small')
const unknown = named.filter((name) => !MEASUREMENTS.has(name))
if (unknown.length > 0) {
  process.stderr.write(
    `bench: ${unknown.join(', ')} is unknown; known: ${[...MEASUREMENTS.keys()].join(', ')}, --small\n`,
  )
  process.exit(2)
}

const results: { measurement: string; lines: Line[]; seconds: number }[] = []
const failed: string[] = []
for (const [name, { about, run }] of MEASUREMENTS) {
  if (named.length > 0 && !named.includes(name)) continue
  print(`${name}: ${about}`)
  const began = performance.now()
  try {
    const lines = await run({ small, say })
    for (const line of lines) print(textOf(line))
    results.push({ measurement: name, lines, seconds: (performance.now() - began) / 1_000 })
  } catch (error) {
    // The others are measured all the same.
    failed.push(name)
    print(`  FAILED: ${error instanceof Error ? error.message : String(error)}`)
  }
}
const missed = results.flatMap(({ measurement, lines }) =>
  lines.filter((line) => !holds(line)).map(({ what }) => `${measurement}: ${what}`),
)
print(JSON.stringify({ schema: 'slipway.bench/1', at: new Date().toISOString(), small, results, missed, failed }))
// At the small size a goal says nothing.
if (failed.length > 0 || (missed.length > 0 && !small)) process.exitCode = 1
