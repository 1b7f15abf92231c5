import type { ExposureRequest } from '../../contracts/activities.js'
import { DAY_MS } from '../../contracts/duration.js'
import { type ExposureStep, firstExposedDay } from '../../contracts/exposure.js'
import { stepInForce } from '../../exposure/step-in-force.js'
import { requireProject } from '../../projects/load.js'
import type { Project } from '../../projects/project.js'
import { readByDay } from '../../projects/replay-by-day.js'
import type { Registry } from '../../registry/index.js'
import type { ReleaseLoader } from '../load-release.js'
import type { KeptReaders } from './kept-readers.js'
import { replayTraffic } from './replay-traffic.js'

/** How a replay, which may take minutes, reports progress, is stopped and continues at the next look. */
export interface ReplayControl {
  /** Throws when the replay has to stop. */
  throwIfCancelled(): void
  beat(progress: { readonly day: string; readonly events: number }): void
  readonly readers: KeptReaders
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
  const first = Math.max(firstExposedDay(request.opened), resume)
  const run = [request.workflowId, request.phase, request.opened, request.source].join(' ')
  const reader = replay.readers.take(run) ?? readByDay(project, { source: request.source, from: first })
  try {
    for (let day = Math.max(first, reader.next); day + DAY_MS <= asOf; day += DAY_MS) {
      const exposure = stepInForce(steps, day)
      if (!exposure) continue
      replay.throwIfCancelled()
      const beat = (events: number) => replay.beat({ day: new Date(day).toISOString(), events })
      const range = { from: day, to: day + DAY_MS, events: reader.day(day) }
      await replayTraffic(registry, loadRelease, project, { ...request, ...range, exposure, beat })
    }
  } catch (error) {
    reader.close()
    throw error
  }
  if (reader.hasMore) replay.readers.keep(run, reader)
  else reader.close()
}
