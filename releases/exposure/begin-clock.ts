import type { ExposureRequest } from '../../contracts/activities.js'
import { clockKey } from '../../contracts/ledger/index.js'
import { openingOf } from '../../contracts/names.js'
import { clockIn, type Registry } from '../../registry/index.js'

/**
 * The clock of a compressed release begins when its canary opens, and again when it is reopened. It is recorded then,
 * so that decision services, traffic, monitors and coverage use the same one. If it was begun again since, the newest
 * is in force.
 */
export async function withClockInForce(registry: Registry, request: ExposureRequest): Promise<ExposureRequest> {
  const { project, workflowId, clock, opening = 0 } = request
  if (clock.speed === 1) return request
  const entries = await registry.ledger.entries(project, { kind: 'clock', subject: workflowId })
  const known = clockIn(entries)
  if (known && (entries.at(-1)?.body.opening ?? 0) >= opening) return { ...request, clock: known }
  const body = { ...clock, ...openingOf(request) }
  await registry.ledger.append({
    project,
    kind: 'clock',
    subject: workflowId,
    key: clockKey(workflowId, opening),
    body,
  })
  return request
}
