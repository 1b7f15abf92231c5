/** Plays random sequences on one lane; a failure says the seed and the path that play it again. */
import fc from 'fast-check'
import type { Step } from './commands/command.js'
import { STEPS, starting } from './commands/index.js'
import { finish } from './finish.js'
import { emptyModel } from './model.js'
import type { Lane } from './world/lane.js'
import { openWorld } from './world/world.js'

export interface Play {
  readonly seed: number
  readonly sequences: number
  /** Which of the seed's sequences alone; then it is also made shorter while it fails. */
  readonly path?: string
}

/** Many times what a sequence takes: one that hangs is a failure with a seed, too. */
const LONGEST_MS = 600_000
/** A release first; what comes after it is drawn. */
const sequence = fc
  .tuple(starting, fc.array(fc.oneof(...STEPS), { minLength: 4, maxLength: 10, size: 'max' }))
  .map(([first, rest]) => [first, ...rest])

export async function play(lane: Lane, { seed, sequences, path }: Play): Promise<void> {
  let played = 0
  const property = fc.asyncProperty(sequence, async (steps: Step[]) => {
    const world = await openWorld(lane)
    try {
      const model = emptyModel()
      await fc.asyncModelRun(() => ({ model, real: world }), steps)
      await finish(model, world)
      played += 1
      if (played % 25 === 0) console.log(`seed ${seed}: ${played} of ${sequences} sequences`)
    } finally {
      await world.close()
    }
  })
  const run = await fc.check(property, {
    seed,
    numRuns: path === undefined ? sequences : 1,
    endOnFailure: path === undefined,
    timeout: LONGEST_MS,
    ...(path === undefined ? {} : { path }),
  })
  if (!run.failed) return
  const again = `SLIPWAY_SEED=${seed} SLIPWAY_PATH=${run.counterexamplePath?.split(':')[0]}`
  throw new Error(`${again} plays it again, and makes it shorter:\n${fc.defaultReportMessage(run)}`, {
    cause: run.errorInstance,
  })
}
