import { clockIn, type Registry } from '../../registry/index.js'
import type { ExposureRequest } from '../types.js'

/**
 * A compressed release's clock begins as its canary opens, and is recorded there, so that decision services, traffic, monitors and
 * coverage tell event time by the same one; where it was begun again since, that is the one in force.
 */
export async function onItsClock(registry: Registry, request: ExposureRequest): Promise<ExposureRequest> {
  const { project, workflowId, clock } = request
  if (clock.speed === 1) return request
  const known = clockIn(await registry.entries(project, { kind: 'clock', subject: workflowId }))
  if (known) return { ...request, clock: known }
  await registry.append({ project, kind: 'clock', subject: workflowId, key: `${workflowId}:clock`, body: clock })
  return request
}
