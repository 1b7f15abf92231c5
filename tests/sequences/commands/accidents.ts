import fc from 'fast-check'
import { settle } from '../settle.js'
import { type Step, step } from './command.js'

/**
 * A worker is gone with all it has in memory, and another begins. In the middle of a workflow's task that costs ten seconds and of an
 * activity fifteen, until the server gives it to another: mostly while everything waits.
 */
export const losingWorkers: fc.Arbitrary<Step> = fc
  .record({
    which: fc.constantFrom<'project' | 'shared'>('project', 'shared'),
    busy: fc.nat(9).map((nat) => nat === 0),
  })
  .map(({ which, busy }) =>
    step(
      `${which === 'shared' ? 'kill -9' : 'replace'} the ${which} worker${busy ? ', at once' : ''}`,
      async (model, world) => {
        if (!busy) await settle(model, world)
        if (which === 'shared' && world.killShared) return world.killShared()
        await world.replaceWorker()
      },
    ),
  )

/** The next activities are done and nobody hears of it: each is done once more. */
export const losingCompletions: fc.Arbitrary<Step> = fc.integer({ min: 1, max: 3 }).map((lost) =>
  step(`loseCompletions(${lost})`, async (model, world) => {
    world.accidents.lost = lost
    await settle(model, world)
  }),
)
