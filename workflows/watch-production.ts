/**
 * One check of one condition of production, and the release that it starts. Short: a Schedule starts the next check.
 */
import { setCurrentDetails } from '@temporalio/workflow'
import type { ConditionCheck } from '../contracts/activities.js'
import { requireTexts, scheduledInstant, startReleaseChild } from './begin.js'
import { shared } from './calls.js'

export async function watchProduction(project: string, condition: string): Promise<Omit<ConditionCheck, 'start'>> {
  requireTexts({ project, condition })
  const at = scheduledInstant()
  const call = shared(`Check condition ${condition} of ${project} as of ${at}`)
  const { start, ...found } = await call.checkCondition({ project, condition, at })
  setCurrentDetails(`**${found.outcome}**: ${found.suppressed?.says ?? found.release ?? ''}\n\n${found.says}`)
  if (start !== null) await startReleaseChild(start)
  return found
}
