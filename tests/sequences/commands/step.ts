import type { AsyncCommand } from 'fast-check'
import { checkStep } from '../invariants/check-step.js'
import type { Model } from '../sequence-model.js'
import type { SequenceSystem } from '../system/sequence-system.js'

export type Step = AsyncCommand<Model, SequenceSystem>

/** One step of a sequence, followed by a check of all invariants. A failure prints its description. */
export const step = (
  description: string,
  run: (model: Model, system: SequenceSystem) => Promise<unknown>,
  /** Whether the step is possible now; otherwise it is skipped. */
  ready: (model: Model) => boolean = ({ runs }) => runs.length > 0,
): Step => ({
  check: ready,
  async run(model, system) {
    await run(model, system)
    await checkStep(model, system)
  },
  toString: () => description,
})
