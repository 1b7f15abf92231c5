import { Context } from '@temporalio/activity'
import type { ExposureRequest, ExposureResult } from '../contracts/activities.js'
import { isLive } from '../contracts/evidence-source.js'
import type { Judgement } from '../contracts/types.js'
import type { ReleaseLoader } from '../releases/load-release.js'
import { watchStep } from '../releases/looks/watch-step.js'
import { createKeptReaders } from '../releases/replay/kept-readers.js'
import { createSources } from '../releases/sources/open-sources.js'
import { notYet } from './activity-failures.js'
import type { Dependencies } from './dependencies.js'
import { beat } from './heartbeat.js'
import { measureWork } from './worker-metrics.js'

/** Returns only when there is something to report; until then it fails "not yet" and is retried. */
export function createWatchExposure(deps: Dependencies, loadRelease: ReleaseLoader, sources = createSources(deps)) {
  const { registry, projects, now } = deps
  const replay = {
    throwIfCancelled: () => Context.current().cancellationSignal.throwIfAborted(),
    beat,
    readers: createKeptReaders(),
  }
  return async function watchExposure(request: ExposureRequest): Promise<ExposureResult> {
    const onLook = (seconds: number, { action }: Judgement) =>
      measureWork('look', seconds, { project: request.project, phase: request.phase, action })
    // Live traffic is not read from data.
    const read = request.source === undefined || isLive(request) ? {} : { source: await sources.pathOf(request.source) }
    const found = await watchStep({ registry, projects, now, loadRelease, replay, onLook }, { ...request, ...read })
    if ('waitMs' in found) throw notYet(found.waitingFor, found.waitMs)
    return found
  }
}
