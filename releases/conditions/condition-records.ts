/**
 * Ledger entries about conditions: each release that one started, and each one that was suppressed, with its numbers.
 */
import { DAY_MS } from '../../contracts/duration.js'
import { bodiesOf, type ConditionRecord, conditionSubject } from '../../contracts/ledger/index.js'
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

/**
 * Records of checks as of `instant` or later, and possibly some from before it.
 * @param instant epoch ms
 */
export async function recordsSince(
  registry: Pick<Registry, 'ledger'>,
  project: string,
  instant: number,
): Promise<ConditionRecord[]> {
  // An entry is recorded after the instant of its check, but the check may have been ahead of the database's clock.
  const since = new Date(instant - DAY_MS).toISOString()
  return bodiesOf(await registry.ledger.entries(project, { kind: 'condition', since }), 'condition')
}

export async function newestRecord(
  registry: Pick<Registry, 'ledger'>,
  project: string,
  condition: string,
): Promise<ConditionRecord | undefined> {
  const subject = conditionSubject(project, condition)
  return bodiesOf(await registry.ledger.entries(project, { kind: 'condition', subject, newest: 1 }), 'condition')[0]
}
