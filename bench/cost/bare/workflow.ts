/** As many activities as a held release of the no-op project, one after another, and nothing else. */
import { proxyActivities } from '@temporalio/workflow'
import type { BareActivities } from './activities.js'

const { work } = proxyActivities<BareActivities>({ startToCloseTimeout: '1 minute' })

export async function bare(activities: number): Promise<number> {
  let done = 0
  for (let index = 0; index < activities; index += 1) done = await work(index)
  return done
}
