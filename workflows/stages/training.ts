import { forProject } from '../calls.js'
import type { ReleaseRun } from '../release-run.js'
import { enter, interruptible, runRef } from '../run.js'

/**
 * Trains in a separate process and registers the candidate's tuple. If the trainer fails in every attempt, the verdict
 * is `failed`.
 */
export async function train(run: ReleaseRun): Promise<void> {
  const { snapshot } = run
  if (snapshot === null) throw new Error('training needs a snapshot')
  const { project, parameters } = run.input.trigger
  const { policy, gates, monitor } = run.input
  enter(run, 'training', 'training a candidate')
  const trainings = run.trainings++
  const candidate = await interruptible(run, () =>
    // The project's own time limit is shorter, and ends training with a reason.
    forProject(project, 'Train a candidate and register its tuple', '26 hours').trainCandidate({
      ...runRef(run),
      snapshot,
      parameters,
      ...(trainings === 0 ? {} : { trainings }),
      policy,
      ...(gates ? { gates } : {}),
      ...(monitor ? { monitor } : {}),
    }),
  )
  run.state.releaseId = candidate?.releaseId ?? null
}
