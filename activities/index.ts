import type { ProjectActivities, SharedActivities } from '../contracts/activities.js'
import { createReleaseLoader } from '../releases/load-release.js'
import type { Dependencies } from './dependencies.js'
import { createEvaluateCandidate } from './evaluate-candidate.js'
import { createWatchExposure } from './exposure/watch-exposure.js'
import { atEdge } from './failures.js'
import { createImportSnapshot } from './import-snapshot.js'
import { createSharedActivities } from './shared.js'
import { createTrainCandidate } from './train-candidate.js'

export type { Dependencies } from './dependencies.js'

/** For the shared task queue. */
export const sharedActivities = (deps: Dependencies): SharedActivities => atEdge(createSharedActivities(deps))

/** For a project's own task queue. */
export function projectActivities(deps: Dependencies): ProjectActivities {
  const loadRelease = createReleaseLoader(deps)
  return atEdge({
    importSnapshot: createImportSnapshot(deps),
    trainCandidate: createTrainCandidate(deps),
    evaluateCandidate: createEvaluateCandidate(deps, loadRelease),
    watchExposure: createWatchExposure(deps, loadRelease),
  })
}
