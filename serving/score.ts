import type { Output, Project } from '../projects/project.js'
import type { ServingRelease } from '../releases/load-release.js'

/** @throws RangeError for an output that is missing or not finite, and whatever the model throws */
export async function score(
  project: Project,
  { releaseId, scorer, manifest }: ServingRelease,
  input: unknown,
): Promise<{ output: Output; action: string }> {
  const [output] = await scorer.score([input])
  if (!output) throw new RangeError(`${releaseId} gave no output`)
  for (const [name, value] of Object.entries(output)) {
    if (!Number.isFinite(value)) throw new RangeError(`${releaseId} gave ${name} ${value}`)
  }
  return { output, action: project.decide(output, manifest.actionPolicy, input) }
}
