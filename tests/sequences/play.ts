/** Plays random sequences on one track. A failure names the seed and the path that repeat it. */
import fc from 'fast-check'
import { STEPS } from './commands/all-steps.js'
import { starting } from './commands/start.js'
import type { Step } from './commands/step.js'
import { finish } from './finish.js'
import { emptyModel } from './sequence-model.js'
import { openSequenceSystem } from './system/sequence-system.js'
import type { Track } from './system/server-track.js'

export interface Play {
  readonly seed: number
  readonly sequences: number
  /** Plays only this sequence of the seed, and shrinks it while it fails. */
  readonly path?: string
}

/** Much longer than a sequence takes, so that a sequence that hangs is also a failure with a seed. */
const LONGEST_MS = 600_000
/** Starts with a release; the following steps are random. */
const sequence = fc
  .tuple(starting, fc.array(fc.oneof(...STEPS), { minLength: 4, maxLength: 10, size: 'max' }))
  .map(([first, rest]) => [first, ...rest])

export async function play(track: Track, { seed, sequences, path }: Play): Promise<void> {
  let played = 0
  const property = fc.asyncProperty(sequence, async (steps: Step[]) => {
    const system = await openSequenceSystem(track)
    try {
      const model = emptyModel()
      await fc.asyncModelRun(() => ({ model, real: system }), steps)
      await finish(model, system)
      played += 1
      if (played % 25 === 0) console.log(`seed ${seed}: ${played} of ${sequences} sequences`)
    } finally {
      await system.close()
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
  // Written at once: the other track plays on, and a run that is stopped meanwhile would not show it.
  const again = `SLIPWAY_SEED=${seed} SLIPWAY_PATH=${run.counterexamplePath?.split(':')[0]}`
  const why = run.errorInstance instanceof Error ? run.errorInstance.message : String(run.errorInstance)
  const problem = `${again} repeats the sequence and shrinks it:\n${fc.defaultReportMessage(run)}\n${why}`
  console.error(problem)
  throw new Error(problem, { cause: run.errorInstance })
}
