/** `npm run test:durations [-- FILE…]` runs the tests and keeps how long each file took, for `longest-first.ts`. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Reporter, TestModule } from 'vitest/node'

const TESTS = fileURLToPath(new URL('..', import.meta.url))
const FILE = fileURLToPath(new URL('durations.json', import.meta.url))
const LONGEST = 10

export default class RecordDurations implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const took = modules
      .filter((module) => module.ok())
      .map((module): [string, number] => [relative(TESTS, module.moduleId), Math.ceil(millisecondsOf(module) / 1_000)])
    // A run of some files keeps what is known of the others, as long as they exist.
    const known = Object.entries(JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, number>)
    const kept = known.filter(([name]) => existsSync(join(TESTS, name)))
    const all = [...new Map([...kept, ...took])].sort(([a], [b]) => (a < b ? -1 : 1))
    writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`)
    const longest = took.toSorted(([, a], [, b]) => b - a).slice(0, LONGEST)
    for (const [name, seconds] of longest) process.stdout.write(`${String(seconds).padStart(5)} s  ${name}\n`)
  }
}

/** Imports, hooks and tests: all of what keeps one of the processes busy. */
function millisecondsOf(module: TestModule): number {
  const { prepareDuration, setupDuration, collectDuration, duration } = module.diagnostic()
  return prepareDuration + setupDuration + collectDuration + duration
}
