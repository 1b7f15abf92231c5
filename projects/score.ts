/** Scores one input, and answers with production's release where the release under trial cannot. */
import type { ActionPolicy } from '../contracts/types.js'
import type { Output, Project, Scorer } from './project.js'

/** A loaded release. */
interface Scoring {
  readonly releaseId: string
  readonly manifest: { readonly actionPolicy: ActionPolicy }
  readonly scorer: Scorer
}

export interface Answered {
  readonly release: Scoring
  readonly output: Output
  readonly action: string
  /** Of the release that should have answered. */
  readonly failure?: { readonly error: unknown }
}

/** What a failed scoring costs its arm, and which release answers then. */
export interface Fallback {
  readonly release: Scoring
  readonly loss: number
}

/** @throws what the scorer throws; RangeError for an output that is missing or not finite */
export async function score(project: Project, release: Scoring, input: unknown): Promise<Answered> {
  const [output] = await release.scorer.score([input])
  return checked(project, release, { input, output })
}

/** @throws as `score`, also when the release that should answer instead fails */
export async function scoreOrFallBack(
  project: Project,
  { release, fallback }: { readonly release: Scoring; readonly fallback: Fallback | null },
  input: unknown,
): Promise<Answered> {
  try {
    return await score(project, release, input)
  } catch (error) {
    if (!fallback) throw error
    return { ...(await score(project, fallback.release, input)), failure: { error } }
  }
}

/**
 * Scores a batch in one call. Where that fails and another release can answer, each input by itself, so that one hard
 * input costs one decision.
 */
export async function scoreBatch(
  project: Project,
  releases: { readonly release: Scoring; readonly fallback: Fallback | null },
  inputs: readonly unknown[],
): Promise<Answered[]> {
  const { release, fallback } = releases
  try {
    const outputs = await release.scorer.score([...inputs])
    return inputs.map((input, index) => checked(project, release, { input, output: outputs[index] }))
  } catch (error) {
    if (!fallback) throw error
    const answers: Answered[] = []
    for (const input of inputs) answers.push(await scoreOrFallBack(project, releases, input))
    return answers
  }
}

function checked(
  project: Project,
  release: Scoring,
  { input, output }: { readonly input: unknown; readonly output: Output | undefined },
): Answered {
  if (!output) throw new RangeError(`${release.releaseId} gave no output`)
  for (const [name, value] of Object.entries(output)) {
    if (!Number.isFinite(value)) throw new RangeError(`${release.releaseId} gave ${name} ${value}`)
  }
  return { release, output, action: project.decide(output, release.manifest.actionPolicy, input) }
}
