/**
 * Ledger entries about conditions: each release that one started, and each one that was suppressed, with its numbers.
 */
import { bodiesOf, type ConditionRecord } from '../../contracts/ledger/index.js'
import { releaseWorkflowId } from '../../contracts/names.js'
import type { ConditionsPolicy, ReleaseInput } from '../../contracts/types.js'
import type { Project } from '../../projects/project.js'
import type { Registry } from '../../registry/index.js'
import { releaseInputOf } from '../release-input.js'

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
  return bodiesOf(await registry.ledger.entries(project, { kind: 'condition' }), 'condition')
}
