import type { ExposureRequest } from '../../contracts/activities.js'
import type { ReleaseClock } from '../../contracts/clock.js'
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
  const known = await clockInForce(registry, request)
  if (known) return { ...request, clock: known }
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

/** @returns null while the clock of a compressed release has not begun in this opening */
export async function clockInForce(
  registry: Pick<Registry, 'ledger'>,
  { project, workflowId, clock, opening = 0 }: Pick<ExposureRequest, 'project' | 'workflowId' | 'clock' | 'opening'>,
): Promise<ReleaseClock | null> {
  if (clock.speed === 1) return clock
  const entries = await registry.ledger.entries(project, { kind: 'clock', subject: workflowId })
  return (entries.at(-1)?.body.opening ?? 0) >= opening ? clockIn(entries) : null
}
