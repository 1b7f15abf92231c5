/** `npm run chaos -- [--seed N] [--minutes M] [--only FAULT]`: draws cells until the time is over. */
import { parseArgs } from 'node:util'
import { openChaosSystem } from './chaos-system.js'
import { drawCells } from './draw-cells.js'
import { type Outcome, playCell } from './play-cell.js'
import { tableOf } from './table.js'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    minutes: { type: 'string', default: '10' },
    only: { type: 'string' },
  },
})
const [seed, minutes] = [Number(values.seed), Number(values.minutes)]
if (!Number.isInteger(seed) || !(minutes > 0)) throw new Error('--seed takes an integer, --minutes a number above zero')
const cells = drawCells(seed, values.only)
const say = (text: string) => process.stdout.write(`${text}\n`)
say(`seed ${seed}, ${minutes} minutes`)
const outcomes: Outcome[] = []
const on = await openChaosSystem()
try {
  for (const end = Date.now() + minutes * 60_000; Date.now() < end; ) {
    const outcome = await playCell(on, cells.next().value, outcomes.length)
    outcomes.push(outcome)
    say(tableOf([outcome]).split('\n')[1] ?? '')
  }
} finally {
  await on.close()
}
const failed = outcomes.filter(({ problems }) => problems.length > 0)
say(`\n${tableOf(outcomes)}\n\n${outcomes.length} cells, ${failed.length} with a violated invariant; seed ${seed}`)
process.exit(failed.length > 0 ? 1 : 0)
