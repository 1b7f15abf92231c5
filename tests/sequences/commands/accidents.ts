import fc from 'fast-check'
import { settle } from '../settle.js'
import { type Step, step } from './command.js'

/** A worker ends with all it has in memory, and another begins: whatever is going on meanwhile. */
export const replacingWorkers: fc.Arbitrary<Step> = fc
  .constantFrom<'project' | 'shared'>('project', 'shared')
  .map((which) => step(`replaceWorker(${which})`, (_, world) => world.replaceWorker(which)))

/** The next activities are done and nobody hears of it: each is done once more. */
export const losingCompletions: fc.Arbitrary<Step> = fc.integer({ min: 1, max: 3 }).map((lost) =>
  step(`loseCompletions(${lost})`, async (model, world) => {
    world.accidents.lost = lost
    await settle(model, world)
  }),
)
