import type { ProjectActivities, SharedActivities } from '../contracts/activities.js'
import { createReleaseLoader } from '../releases/load-release.js'
import { atEdge } from './activity-failures.js'
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

/** Activities on the task queue of a project. */
export function projectActivities(deps: Dependencies): ProjectActivities {
  const loadRelease = createReleaseLoader(deps)
  // These send heartbeats of their own, whose details carry their retry budget.
  const budgeted = withoutOrphanedQueries({
    importSnapshot: createImportSnapshot(deps),
    trainCandidate: createTrainCandidate(deps),
    evaluateCandidate: createEvaluateCandidate(deps, loadRelease),
  })
  return atEdge({ ...budgeted, ...interruptible({ watchExposure: createWatchExposure(deps, loadRelease) }) })
}
