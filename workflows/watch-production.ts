/** One look at one condition of production, and the release it asks for. Short: a Schedule starts the next look. */
import { setCurrentDetails } from '@temporalio/workflow'
import type { ConditionCheck } from '../contracts/activities.js'
import { scheduledInstant, startReleaseChild } from './begin.js'
import { shared } from './calls.js'

export async function watchProduction(project: string, condition: string): Promise<Omit<ConditionCheck, 'start'>> {
  const at = scheduledInstant()
  const call = shared(`Look whether ${condition} of ${project} holds as of ${at}`)
  const { start, ...found } = await call.checkCondition({ project, condition, at })
  setCurrentDetails(`**${found.outcome}**: ${found.suppressed?.says ?? found.release ?? ''}\n\n${found.says}`)
  if (start !== null) await startReleaseChild(start)
  return found
}
