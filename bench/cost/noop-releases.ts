/** Releases of the no-op project. */
import type { Client } from '@temporalio/client'
import { releaseInputOf } from '../../releases/release-input.js'
import { startRelease } from '../../releases/start-release.js'
import { project } from './noop-project/index.js'

/** @returns its workflow id */
export async function startNoop(client: Client, id: string): Promise<string> {
  const input = releaseInputOf({
    project,
    id,
    kind: 'cli',
    by: 'bench',
    at: new Date().toISOString(),
    cutoff: project.defaultCutoff,
    // Another model for each, as real releases have.
    parameters: { id },
  })
  return (await startRelease(client, input)).workflowId
}
