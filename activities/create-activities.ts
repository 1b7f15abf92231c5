import type { ProjectActivities, SharedActivities } from '../contracts/activities.js'
import { createReleaseLoader } from '../releases/load-release.js'
import { atEdge } from './activity-failures.js'
import type { Dependencies } from './dependencies.js'
import { createEvaluateCandidate } from './evaluate-candidate.js'
import { createImportSnapshot } from './import-snapshot.js'
import { createSharedActivities } from './shared-activities.js'
import { createTrainCandidate } from './train-candidate.js'
import { createWatchExposure } from './watch-exposure.js'

export type { Dependencies } from './dependencies.js'

/** Activities on the shared task queue. */
export const sharedActivities = (deps: Dependencies): SharedActivities => atEdge(createSharedActivities(deps))

/** Activities on the task queue of a project. */
export function projectActivities(deps: Dependencies): ProjectActivities {
  const loadRelease = createReleaseLoader(deps)
  return atEdge({
    importSnapshot: createImportSnapshot(deps),
    trainCandidate: createTrainCandidate(deps),
    evaluateCandidate: createEvaluateCandidate(deps, loadRelease),
    watchExposure: createWatchExposure(deps, loadRelease),
  })
}
