import type { AsyncCommand } from 'fast-check'
import { checkStep } from '../invariants/index.js'
import type { Model } from '../model.js'
import type { World } from '../world/world.js'

export type Step = AsyncCommand<Model, World>

/** One step of a sequence, and after it all that must hold. Its words are what a failure prints. */
export const step = (
  words: string,
  run: (model: Model, world: World) => Promise<unknown>,
  /** Whether it makes sense by now; else it is left out. */
  ready: (model: Model) => boolean = ({ runs }) => runs.length > 0,
): Step => ({
  check: ready,
  async run(model, world) {
    await run(model, world)
    await checkStep(model, world)
  },
  toString: () => words,
})
