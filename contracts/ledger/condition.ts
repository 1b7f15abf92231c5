/**
 * A condition of production that held: a release it started, or why it started none. The subject is
 * `condition/<project>/<name>`.
 */
import { z } from 'zod'
import { utcDay } from '../duration.js'
import { instant, nonEmpty } from '../schemas/common.js'
import { conditionPolicy } from '../schemas/conditions.js'

export const conditionBody = z
  .strictObject({
    condition: nonEmpty.describe('Name of the condition.'),
    policy: conditionPolicy.describe('The condition as the project states it.'),
    at: instant.describe('The instant the check was for.'),
    says: z.string().describe('What was measured, in plain words.'),
    numbers: z.record(z.string(), z.number()).describe('The numbers that decided.'),
    window: z
      .strictObject({ from: instant.describe('Start of the window.'), to: instant.describe('End of the window.') })
      .describe('Event time that was measured; the day of its end is part of the trigger id.'),
    outcome: z.enum(['started', 'suppressed']).describe('Whether a release was started.'),
    suppressed: z
      .strictObject({
        by: z.enum(['release_under_way', 'cool_down', 'ceiling']).describe('The rule that suppressed it.'),
        says: z.string().describe('The same in plain words.'),
      })
      .nullable()
      .describe('Why no release was started; null where one was.'),
    // Not named workflowId, which would make the entry one of that run.
    release: nonEmpty.nullable().describe('Workflow id of the release it started; null where none was.'),
  })
  .describe('A condition of production that held, and the release it started or why it started none.')
export type ConditionRecord = z.infer<typeof conditionBody>
/** Why a firing started nothing. */
export type Suppression = NonNullable<ConditionRecord['suppressed']>['by']

export const conditionSubject = (project: string, condition: string): string => `condition/${project}/${condition}`

/**
 * One place of the day's ceiling: its number is part of the key, and a key is taken once. So two conditions that fire
 * in the same moment cannot both have the last place.
 */
export const placeKey = (at: string, place: number): string => `condition:start:${utcDay(Date.parse(at))}:${place}`

/** A firing that starts nothing is recorded once for each window and reason, however often it is looked at. */
export const suppressedKey = (
  { condition, window }: Pick<ConditionRecord, 'condition' | 'window'>,
  by: Suppression,
): string => `condition:suppressed:${condition}:${window.to.slice(0, 10)}:${by}`
