/** The fixed names (docs/architecture.md). Free of zod: workflow code imports this file. */

export const STAGES = [
  'validating',
  'training',
  'evaluating',
  'awaiting_canary',
  'canary',
  'promoting',
  'probation',
  'done',
] as const
export type Stage = (typeof STAGES)[number]

/**
 * The phases in which a candidate gets requests: in the shadow only to score them, in the canary and the probation it
 * answers.
 */
export const EXPOSURE_PHASES = ['shadow', 'canary', 'probation'] as const
export type ExposurePhase = (typeof EXPOSURE_PHASES)[number]

export const VERDICTS = ['promoted', 'held', 'rolled_back', 'aborted', 'reverted', 'failed'] as const
export type VerdictName = (typeof VERDICTS)[number]

/** Gates every project must report; one that is missing counts as failed. */
export const REQUIRED_GATES = ['schema_valid', 'no_leakage', 'critical_slice_pass', 'cost_improves'] as const

export const ALIASES = ['production', 'canary'] as const
export type AliasName = (typeof ALIASES)[number]

/** Arms that answer requests. `holdback` is the old production while it keeps a share after a promotion. */
export const ANSWERING_ARMS = ['production', 'canary', 'holdback'] as const
/** `shadow` is a candidate that scores what production has answered. */
export const ARMS = [...ANSWERING_ARMS, 'shadow'] as const
export type Arm = (typeof ARMS)[number]
export type AnsweringArm = (typeof ANSWERING_ARMS)[number]

export const OPERATOR_ACTIONS = ['promote', 'abort', 'pause', 'resume', 'extend'] as const
export type OperatorActionName = (typeof OPERATOR_ACTIONS)[number]

/** The answer to an approval that is not awaited. */
export const NOTHING_TO_APPROVE = 'it awaits no approval; a promotion before its window is over is an action of its own'

/** Suffix for keys of entries of a later opening of a canary; empty for the first. @param opening counted from 0 */
export const ofOpening = (opening = 0): string => (opening === 0 ? '' : `:${opening + 1}`)

/** The field of a record that names the opening; no field for the first, because most releases have no other. */
export const openingOf = ({ opening = 0 }: { readonly opening?: number }) => (opening === 0 ? {} : { opening })

export const SEARCH_ATTRIBUTES = [
  'ReleaseProject',
  'ReleaseStage',
  'ReleaseVerdict',
  'ReleaseId',
  'ReleaseTrigger',
] as const

export const TASK_QUEUE = 'slipway'
export const projectTaskQueue = (project: string): string => `${TASK_QUEUE}-${project}`

export const SCHEDULED_WORKFLOW = 'scheduled'
/** The id of the schedule of a project's cadence, or of one of its conditions. */
export const scheduleId = (project: string, condition?: string): string =>
  condition === undefined ? `slipway/${project}` : `slipway/${project}/${condition}`

export const CONDITION_WORKFLOW = 'watchProduction'

export const RELEASE_WORKFLOW = 'release'
/**
 * Memo field of a release: ms after which a worker that sends no heartbeat is considered dead. One minute where it is
 * absent.
 */
export const WORKER_TIMEOUT_MEMO = 'workerTimeoutMs'
export const releaseWorkflowId = (project: string, triggerId: string): string => `release/${project}/${triggerId}`

/** @returns project and trigger id of a release's workflow id; null for any other text */
export function triggerOf(workflowId: string): { project: string; trigger: string } | null {
  const [, project, trigger] = /^release\/([^/]+)\/(.+)$/.exec(workflowId) ?? []
  return project === undefined || trigger === undefined ? null : { project, trigger }
}

/** Metadata of a payload that a codec has decrypted, seen by the workflow's converters only. */
export const DECRYPTED = 'slipway-decrypted'
