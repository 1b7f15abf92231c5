import fc from 'fast-check'
import { settle } from '../settle.js'
import { type Step, step } from './step.js'

/**
 * A worker is lost with its memory, and another one starts. During a workflow task the server needs ten seconds to give
 * the work to another worker, during an activity fifteen: so mostly done while everything waits.
 */
export const losingWorkers: fc.Arbitrary<Step> = fc
  .record({
    which: fc.constantFrom<'project' | 'shared'>('project', 'shared'),
    busy: fc.nat(9).map((nat) => nat === 0),
  })
  .map(({ which, busy }) =>
    step(
      `${which === 'shared' ? 'kill -9' : 'replace'} the ${which} worker${busy ? ', at once' : ''}`,
      async (model, system) => {
        if (!busy) await settle(model, system)
        if (which === 'shared' && system.killShared) return system.killShared()
        await system.replaceWorker()
      },
    ),
  )

/** The next activities run, but their completion is lost: each runs again. */
export const losingCompletions: fc.Arbitrary<Step> = fc.integer({ min: 1, max: 3 }).map((lost) =>
  step(`loseCompletions(${lost})`, async (model, system) => {
    system.accidents.lost = lost
    await settle(model, system)
  }),
)
