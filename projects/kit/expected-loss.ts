import type { ActionPolicy } from '../../contracts/types.js'
import type { Label, Output } from '../project.js'

type Loss = (decision: { action: string; label: Label }, policy: ActionPolicy) => number

/** The mean of a loss over a yes-or-no label, which is 1 with the output's calibrated `probability`. */
export const expectedUnderProbability =
  (loss: Loss) =>
  ({ probability = 0 }: Output, action: string, policy: ActionPolicy): number =>
    probability * loss({ action, label: 1 }, policy) + (1 - probability) * loss({ action, label: 0 }, policy)
