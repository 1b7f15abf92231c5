import type { ProjectActivities, SharedActivities } from '../contracts/activities.js'
import { createReleaseLoader } from '../releases/load-release.js'
import { createSources } from '../releases/sources/open-sources.js'
import { atEdge } from './activity-failures.js'
import { createPlaces, inPlace } from './computing/computing-places.js'
import type { Dependencies } from './dependencies.js'
import { createEvaluateCandidate } from './evaluate-candidate.js'
import { interruptible, withoutOrphanedQueries } from './heartbeat.js'
import { createImportSnapshot } from './import-snapshot.js'
import { createSharedActivities } from './shared-activities.js'
import { createTrainCandidate } from './train-candidate.js'
import { createWatchExposure } from './watch-exposure.js'

export type { Dependencies } from './dependencies.js'

/** Activities on the shared task queue. */
export const sharedActivities = (deps: Dependencies): SharedActivities =>
  atEdge(interruptible(createSharedActivities(deps)))

/** Training takes both cores of a small machine. */
const COMPUTING_PLACES = 2

/** Activities on the task queue of a project. */
export function projectActivities(deps: Dependencies): ProjectActivities {
  const loadRelease = createReleaseLoader(deps)
  const sources = createSources(deps)
  const places = createPlaces(COMPUTING_PLACES)
  // These send heartbeats of their own, whose details carry their retry budget.
  const budgeted = withoutOrphanedQueries({
    importSnapshot: inPlace(places, createImportSnapshot(deps, sources)),
    trainCandidate: inPlace(places, createTrainCandidate(deps)),
    evaluateCandidate: inPlace(places, createEvaluateCandidate(deps, loadRelease)),
  })
  return atEdge({ ...budgeted, ...interruptible({ watchExposure: createWatchExposure(deps, loadRelease, sources) }) })
}
