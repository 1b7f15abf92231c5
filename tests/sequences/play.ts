/** Plays random sequences on one lane; a failure says the seed and the path that play it again. */
import fc from 'fast-check'
import type { Step } from './commands/command.js'
import { STEPS, starting } from './commands/index.js'
import { finish } from './finish.js'
import { emptyModel } from './model.js'
import { Standstill } from './standstill.js'
import type { Lane } from './world/lane.js'
import { openWorld } from './world/world.js'

export interface Play {
  readonly seed: number
  readonly sequences: number
  /** Which of the seed's sequences alone; then it is also made shorter while it fails. */
  readonly path?: string
}

/** Many times what a sequence takes: one that hangs is a failure with a seed, too. */
const LONGEST_MS = 240_000
/** Of all sequences: what comes more often is no accident of the server's. */
const MOST_STANDSTILLS = 0.05

/** A release first; what comes after it is drawn. */
const sequence = fc
  .tuple(starting, fc.array(fc.oneof(...STEPS), { minLength: 4, maxLength: 13, size: 'max' }))
  .map(([first, rest]) => [first, ...rest])

export async function play(lane: Lane, { seed, sequences, path }: Play): Promise<void> {
  let played = 0
  let stood = 0
  const once = async (steps: Step[]) => {
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
  }
  const property = fc.asyncProperty(sequence, async (steps) => {
    try {
      await once(steps)
    } catch (error) {
      // A broken promise is a failure at once. A standstill is one when it is not the server's accident: when it comes again.
      if (!(error instanceof Standstill) || stood + 1 > Math.max(1, sequences * MOST_STANDSTILLS)) throw error
      stood += 1
      console.log(`seed ${seed}: stood still, is played once more: ${error.message}`)
      await once(steps)
    }
  })
  const run = await fc.check(property, {
    ...{
      seed,
      numRuns: path === undefined ? sequences : 1,
      endOnFailure: path === undefined,
      timeout: LONGEST_MS,
    },
    ...(path === undefined ? {} : { path }),
  })
  if (!run.failed) return
  const again = `SLIPWAY_SEED=${seed} SLIPWAY_PATH=${run.counterexamplePath?.split(':')[0]}`
  throw new Error(`${again} plays it again, and makes it shorter:\n${fc.defaultReportMessage(run)}`, {
    cause: run.errorInstance,
  })
}
