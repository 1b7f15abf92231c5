import { Context } from '@temporalio/activity'
import type { ExposureRequest } from '../../contracts/activities.js'
import { DAY_MS } from '../../contracts/duration.js'
import { type ExposureStep, firstExposedDay } from '../../contracts/exposure.js'
import { stepInForce } from '../../exposure/step-in-force.js'
import { requireProject } from '../../projects/load.js'
import type { ReleaseLoader } from '../../releases/load-release.js'
import type { Dependencies } from '../dependencies.js'
import { replayTraffic } from './replay-traffic.js'

/** Replays the whole days before `asOf` that are not in the tables yet; a half-written day is written again, to no effect. */
export async function replayDays(
  deps: Dependencies,
  loadRelease: ReleaseLoader,
  request: ExposureRequest,
  steps: readonly ExposureStep[],
  asOf: number,
): Promise<void> {
  const project = requireProject(deps.projects, request.project)
  const latest = await deps.registry.evidence.latestDecision(request.project, request.workflowId)
  const resume = latest === null ? 0 : Math.floor(latest / DAY_MS) * DAY_MS
  for (let day = Math.max(firstExposedDay(request.opened), resume); day + DAY_MS <= asOf; day += DAY_MS) {
    const exposure = stepInForce(steps, day)
    if (!exposure) continue
    Context.current().cancellationSignal.throwIfAborted()
    const beat = (events: number) => Context.current().heartbeat({ day: new Date(day).toISOString(), events })
    await replayTraffic(deps, loadRelease, project, { ...request, from: day, to: day + DAY_MS, exposure, beat })
  }
}
