/** `npm run bench:judge [-- --runs N --seed S]`: simulated error rates of both judges and of naive rules. */
import { parseArgs } from 'node:util'
import { better } from './better.js'
import { entities } from './entities.js'
import { expectations } from './expectations.js'
import { falseAlarms } from './false-alarms.js'
import { harm } from './harm.js'
import { tablesOf, verdictOf } from './tables.js'
import { expectations2 } from './v2/expectations.js'
import { results2 } from './v2/run.js'
import { tablesOf2 } from './v2/tables.js'

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '4000' }, seed: { type: 'string', default: '2026' } },
})
const size = { runs: Number(values.runs), seed: Number(values.seed) }
const began = performance.now()
// A run with single decisions takes many times as long as one with counts.
const { results, other } = await results2({ ...size, runs: Math.ceil(size.runs / 4) }, () => ({
  falseAlarms: falseAlarms(size),
  harm: harm(size),
  better: better(size),
  // A run takes four times as long as in the others, and the difference to show is large.
  entities: entities({ ...size, runs: Math.ceil(size.runs / 4) }),
}))
const tolerance = size.runs >= 4_000 ? 0 : 3.1
const all = [...expectations(other, tolerance), ...expectations2(results, tolerance)]
console.log(tablesOf(other))
console.log(`\n${tablesOf2(results)}`)
console.log(`\n${verdictOf(all)}`)
console.log(`\nseed ${size.seed}, ${((performance.now() - began) / 1000).toFixed(0)} s`)
if (all.some(({ holds }) => !holds)) process.exitCode = 1
