import { isLive } from '../contracts/evidence-source.js'
import { requireFittingName, shortReason } from '../contracts/limits.js'
import type { GatePolicy, MonitorPolicy, PromotionPolicy, ReleaseInput, Trigger } from '../contracts/types.js'
import type { Project } from '../projects/project.js'
import { withSegments } from './policy-segments.js'
import { requireLabelsForShadow, requirePolicyThatCanDecide } from './policy-that-can-decide.js'

export interface ReleaseRequest extends Omit<Trigger, 'project'> {
  readonly project: Pick<Project, 'name' | 'policy' | 'labelsIndependentOfAction' | 'segments' | 'checkParameters'>
  /** Absent: the policy of the project. */
  readonly policy?: PromotionPolicy
  /** Absent: those of the project. */
  readonly gates?: GatePolicy
  readonly monitor?: MonitorPolicy
  /** Event time divided by wall time; absent: 1. */
  readonly speed?: number
}

/**
 * What a release is started with, the same for command line, HTTP, schedule and condition.
 * Its clock begins at the cutoff: what happened next is in the data, also in a rehearsal with `slipway traffic`. Live
 * traffic in real time can only begin now.
 * @throws SlipwayError BadRequest for parameters that the project refuses, a policy that can never reach a verdict, or
 * see harm in its probation, or a name that is too long
 */
export function releaseInputOf({ project, policy, gates, monitor, speed = 1, ...asked }: ReleaseRequest): ReleaseInput {
  requireFittingName('by', asked.by)
  project.checkParameters?.(asked.parameters)
  const { cause } = asked
  const trigger = cause === undefined ? asked : { ...asked, cause: { ...cause, reason: shortReason(cause.reason) } }
  const wallStart = Date.parse(trigger.at)
  const judgedBy = withSegments(project, policy ?? project.policy)
  requirePolicyThatCanDecide(judgedBy)
  requireLabelsForShadow(project, judgedBy)
  return {
    trigger: { ...trigger, project: project.name },
    policy: judgedBy,
    ...(gates ? { gates } : {}),
    ...(monitor ? { monitor } : {}),
    clock: {
      eventStart: isLive(trigger) && speed === 1 ? wallStart : Date.parse(trigger.cutoff),
      wallStart,
      speed,
    },
  }
}
