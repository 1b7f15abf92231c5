/** Whose turn it is in a project's canary lane. Pure: what is found was read under the project's lock. */
import type { Lane, LaneRequest, LaneTaken } from './lane-area.js'

/** A run without a verdict that has joined the queue or opened its canary. */
export interface InLane {
  readonly workflowId: string
  readonly opened: boolean
}

/** @param runs in order of arrival */
export const laneOfRuns = (runs: readonly InLane[]): Lane => ({
  holder: runs.find(({ opened }) => opened)?.workflowId ?? null,
  queue: runs.filter(({ opened }) => !opened).map(({ workflowId }) => workflowId),
})

/** What the aliases point at now. */
export interface FoundForLane {
  readonly canary: string | null
  readonly production: string | null
}

/** @returns the answer, or null: the canary has to be opened now */
export function turnOf(
  { workflowId, candidate, production }: Pick<LaneRequest, 'workflowId' | 'candidate' | 'production'>,
  { holder, queue }: Lane,
  found: FoundForLane,
): LaneTaken | null {
  const first = holder ?? queue[0]
  if (first !== undefined && first !== workflowId) return { outcome: 'busy', holder: first }
  if (holder === workflowId && found.canary === candidate) return { outcome: 'open', holder }
  return found.production === production ? null : { outcome: 'production_changed', holder: null }
}
