import type { ActionPolicy } from '../contracts/types.js'
import type { Label, Output, Project } from './project.js'

interface Labelled {
  readonly action: string
  readonly output: Output
  readonly label: Label
  /** As it was recorded; null where it was not kept. */
  readonly input: unknown
}

/**
 * The loss of a decision, with its input where the project asks for it: others must not depend on whether it was kept.
 * @throws RangeError when the project needs an input that was not kept
 */
export function lossOf(
  project: Pick<Project, 'loss' | 'lossReadsInput'>,
  { action, output, label, input }: Labelled,
  policy: ActionPolicy,
): number {
  if (!project.lossReadsInput) return project.loss({ action, output, label }, policy)
  if (input === null || input === undefined)
    throw new RangeError('the loss needs the input of the decision, which was too large to be kept')
  return project.loss({ action, output, label, input }, policy)
}
