import { forProject } from '../calls.js'
import type { ReleaseRun } from '../release-run.js'
import { enter, interruptible, runRef } from '../run.js'

/** Trains in a process of its own and registers the candidate's tuple. A trainer that fails for good is `failed`. */
export async function train(run: ReleaseRun): Promise<void> {
  const { snapshot } = run
  if (snapshot === null) throw new Error('training needs a snapshot')
  const { project, parameters } = run.input.trigger
  enter(run, 'training', 'training a candidate')
  const candidate = await interruptible(run, () =>
    // The project's own limit is shorter, and ends it with a reason.
    forProject(project, 'Train a candidate and register its tuple', '26 hours').trainCandidate({
      ...runRef(run),
      snapshot,
      parameters,
      policy: run.input.policy,
    }),
  )
  run.state.releaseId = candidate?.releaseId ?? null
}
