import fc from 'fast-check'
import { settle } from '../settle.js'
import { type Step, step } from './command.js'

/**
 * A worker ends with all it has in memory, and another begins. In the middle of a workflow's task that costs ten seconds, until the
 * server gives the task to another: mostly while everything waits.
 */
export const replacingWorkers: fc.Arbitrary<Step> = fc
  .record({
    which: fc.constantFrom<'project' | 'shared'>('project', 'shared'),
    busy: fc.nat(9).map((nat) => nat === 0),
  })
  .map(({ which, busy }) =>
    step(`replaceWorker(${which}${busy ? ', at once' : ''})`, async (model, world) => {
      if (!busy) await settle(model, world)
      await world.replaceWorker(which)
    }),
  )

/** The next activities are done and nobody hears of it: each is done once more. */
export const losingCompletions: fc.Arbitrary<Step> = fc.integer({ min: 1, max: 3 }).map((lost) =>
  step(`loseCompletions(${lost})`, async (model, world) => {
    world.accidents.lost = lost
    await settle(model, world)
  }),
)
