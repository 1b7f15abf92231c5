/** A run whose Temporal history is lost, and is started again from its ledger as `slipway release resume` does. */
import { RELEASE_WORKFLOW } from '../../contracts/names.js'
import { releaseStart } from '../../contracts/release-start.js'
import { lostRun } from '../../releases/lost-run.js'
import type { Harness } from './time-skipping.js'

export const loseHistory = async ({ client }: Harness, workflowId: string): Promise<void> => {
  await client.workflow.getHandle(workflowId).terminate('its history is lost')
}

export async function resumeLostRun({ client, env, registry }: Harness, workflowId: string): Promise<void> {
  const lost = lostRun(await registry.runs.get(workflowId), await env.currentTimeMs())
  if (!lost) throw new Error('it is in no canary or probation')
  const args: [typeof lost.input, typeof lost.continued] = [lost.input, lost.continued]
  const start = { ...releaseStart(lost.input), args, workflowIdReusePolicy: 'ALLOW_DUPLICATE' } as const
  await client.workflow.start(RELEASE_WORKFLOW, start)
}
