/** Whether replayed data has ended: no event is left until the deadline, and the labels of the last day are final. */
import type { ExposureRequest } from '../../contracts/activities.js'
import { DAY_MS, durationMs } from '../../contracts/duration.js'
import { firstExposedDay } from '../../contracts/exposure.js'
import { requireProject } from '../../projects/load.js'
import type { Project } from '../../projects/project.js'
import type { Registry } from '../../registry/index.js'

interface Needs {
  readonly registry: Registry
  readonly projects: ReadonlyMap<string, Project>
}

/** @param asOf epoch ms of event time of a look that is still undecided: the days before it are replayed */
export async function trafficHasEnded(
  { registry, projects }: Needs,
  request: ExposureRequest,
  asOf: number,
): Promise<boolean> {
  const latest = await registry.evidence.latestDecision(request.project, request.workflowId)
  const from = Math.max(
    firstExposedDay(request.opened),
    latest === null ? 0 : (Math.floor(latest / DAY_MS) + 1) * DAY_MS,
  )
  // At least one whole day without an event was replayed, and nothing can mature any more.
  if (asOf < from + Math.max(DAY_MS, durationMs(request.policy.labelHorizon))) return false
  const { source } = request
  const left = requireProject(projects, request.project).replay({
    from,
    to: Date.parse(request.deadline),
    ...(source === undefined ? {} : { source }),
  })
  // A gap in the data does not count: reads as far as the next event.
  for await (const _event of left) return false
  return true
}
