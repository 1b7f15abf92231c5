/**
 * The workflow that a schedule starts: it starts the release of its scheduled instant and ends, while the release
 * continues.
 */
import { requireTexts, scheduledInstant, startReleaseChild } from './begin.js'
import { shared } from './calls.js'

/** @returns the release's workflow id */
export async function scheduled(project: string): Promise<string> {
  requireTexts({ project })
  const at = scheduledInstant()
  const plan = await shared(`Plan the release of ${project} for ${at}`).planScheduled({ project, at })
  return 'known' in plan ? plan.known : startReleaseChild(plan)
}
