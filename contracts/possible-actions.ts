/** The operator actions that are possible in each stage. Zod-free: workflow code imports this file. */
import type { OperatorActionName, Stage } from './names.js'

export const POSSIBLE: Readonly<Record<Stage, readonly OperatorActionName[]>> = {
  validating: ['abort'],
  training: ['abort'],
  evaluating: ['abort'],
  awaiting_canary: ['abort'],
  canary: ['promote', 'abort', 'pause', 'resume', 'extend'],
  promoting: ['abort'],
  probation: ['abort'],
  done: [],
}
