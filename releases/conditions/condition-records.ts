/**
 * Ledger entries about conditions: each release that one started, and each one that was suppressed, with its numbers.
 */
import { utcDay } from '../../contracts/duration.js'
import { releaseWorkflowId } from '../../contracts/names.js'
import type { ConditionPolicy, ConditionsPolicy, ReleaseInput } from '../../contracts/types.js'
import type { Project } from '../../projects/project.js'
import type { Registry } from '../../registry/index.js'
import { releaseInputOf } from '../release-input.js'
import type { Measured } from './condition-measured.js'

/** Why a condition that holds started no release. */
export type Suppression = 'release_under_way' | 'cool_down' | 'ceiling'

/** The body of a `condition` entry. */
export interface ConditionRecord extends Pick<Measured, 'says' | 'numbers' | 'window'> {
  readonly condition: string
  readonly policy: ConditionPolicy
  /** ISO: the instant the check was for. */
  readonly at: string
  readonly outcome: 'started' | 'suppressed'
  readonly suppressed: { readonly by: Suppression; readonly says: string } | null
  /** Workflow id of the release. Not named `workflowId`, because then this entry would belong to that run. */
  readonly release: string | null
}

export const conditionSubject = (project: string, condition: string): string => `condition/${project}/${condition}`

/** The same condition on the same window is the same trigger, however often it is checked. */
export const triggerIdOf = ({ condition, window }: Pick<ConditionRecord, 'condition' | 'window'>): string =>
  `condition-${condition}-${window.to.slice(0, 10)}`

export const releaseOf = (project: string, fired: Pick<ConditionRecord, 'condition' | 'window'>): string =>
  releaseWorkflowId(project, triggerIdOf(fired))

/** The release to start: data as of the instant of the check, and the event time of live decisions. */
export function inputOf(
  project: Project,
  { evidence = 'live' }: ConditionsPolicy,
  record: ConditionRecord,
): ReleaseInput {
  const { at, condition, says, numbers, window } = record
  return releaseInputOf({
    project,
    id: triggerIdOf(record),
    kind: 'condition',
    by: `condition ${condition}`,
    at,
    cutoff: at,
    evidence,
    parameters: {},
    cause: { reason: says, condition, window, numbers },
  })
}

export async function recordsOf(registry: Registry, project: string): Promise<ConditionRecord[]> {
  return (await registry.ledger.entries(project, { kind: 'condition' })).map(
    ({ body }) => body as unknown as ConditionRecord,
  )
}

/**
 * One place in the day's limit. The number is part of the key, and a key can be used once: two conditions that hold in
 * the same moment cannot both take the last place.
 */
export const placeKey = (at: string, place: number): string => `condition:start:${utcDay(Date.parse(at))}:${place}`

/** A suppressed release is recorded once for each window and reason, however often the condition is checked. */
export const suppressedKey = ({ condition, window }: ConditionRecord, by: Suppression): string =>
  `condition:suppressed:${condition}:${window.to.slice(0, 10)}:${by}`
