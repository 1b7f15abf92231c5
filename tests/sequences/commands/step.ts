import type { AsyncCommand } from 'fast-check'
import { checkStep } from '../invariants/check-step.js'
import type { World } from '../lane/sequence-world.js'
import type { Model } from '../sequence-model.js'

export type Step = AsyncCommand<Model, World>

/** One step of a sequence, followed by a check of all invariants. A failure prints its description. */
export const step = (
  description: string,
  run: (model: Model, world: World) => Promise<unknown>,
  /** Whether the step is possible now; otherwise it is skipped. */
  ready: (model: Model) => boolean = ({ runs }) => runs.length > 0,
): Step => ({
  check: ready,
  async run(model, world) {
    await run(model, world)
    await checkStep(model, world)
  },
  toString: () => description,
})
