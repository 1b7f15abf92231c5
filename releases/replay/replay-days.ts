import type { ExposureRequest } from '../../contracts/activities.js'
import { DAY_MS } from '../../contracts/duration.js'
import { type ExposureStep, firstExposedDay } from '../../contracts/exposure.js'
import { stepInForce } from '../../exposure/step-in-force.js'
import { requireProject } from '../../projects/load.js'
import type { Project } from '../../projects/project.js'
import type { Registry } from '../../registry/index.js'
import type { ReleaseLoader } from '../load-release.js'
import { replayTraffic } from './replay-traffic.js'

/** How a replay, which may take minutes, reports progress and is stopped. */
export interface ReplayControl {
  /** Throws when the replay has to stop. */
  throwIfCancelled(): void
  beat(progress: { readonly day: string; readonly events: number }): void
}

interface Needs {
  readonly registry: Registry
  readonly projects: ReadonlyMap<string, Project>
  readonly loadRelease: ReleaseLoader
  readonly replay: ReplayControl
}

/**
 * Replays the whole days before `asOf` that are not in the tables yet. A day that was half written is written again: no
 * row changes.
 */
export async function replayDays(
  { registry, projects, loadRelease, replay }: Needs,
  request: ExposureRequest,
  steps: readonly ExposureStep[],
  asOf: number,
): Promise<void> {
  const project = requireProject(projects, request.project)
  const latest = await registry.evidence.latestDecision(request.project, request.workflowId)
  const resume = latest === null ? 0 : Math.floor(latest / DAY_MS) * DAY_MS
  for (let day = Math.max(firstExposedDay(request.opened), resume); day + DAY_MS <= asOf; day += DAY_MS) {
    const exposure = stepInForce(steps, day)
    if (!exposure) continue
    replay.throwIfCancelled()
    const beat = (events: number) => replay.beat({ day: new Date(day).toISOString(), events })
    await replayTraffic(registry, loadRelease, project, { ...request, from: day, to: day + DAY_MS, exposure, beat })
  }
}
