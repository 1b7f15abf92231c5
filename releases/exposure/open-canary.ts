import type { LaneAnswer, SharedActivities } from '../../contracts/activities.js'
import type { Registry } from '../../registry/index.js'

/**
 * Takes the lane, unless the same snapshot, features, model and action policy were judged as often as the policy
 * allows: whatever is tried often enough looks better once. Asked again at each attempt to take the lane, since the run
 * that held it may have been judged meanwhile.
 */
export async function openCanary(
  { lane, releases }: Pick<Registry, 'lane' | 'releases'>,
  { policy, opening = 0, ...run }: Parameters<SharedActivities['openCanary']>[0],
): Promise<LaneAnswer> {
  const { project, workflowId, candidate, production, evaluation } = run
  if (policy.schema !== 'slipway.policy/1') {
    const others = (await releases.judgedOpenings(candidate)).filter(
      (one) => one.workflowId !== workflowId || one.opening !== opening,
    )
    if (others.length >= (policy.judge.maxRuns ?? 1)) {
      return { outcome: 'exhausted', holder: null, judged: others.map((one) => one.workflowId) }
    }
  }
  return lane.take({ project, workflowId, candidate, production, evaluation, opening })
}
