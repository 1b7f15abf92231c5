import { readFile } from 'node:fs/promises'
import { errorText } from '../../contracts/error-text.js'
import { SlipwayError } from '../../contracts/failure.js'
import type { SnapshotManifest } from '../../contracts/types.js'
import type { Project, TrainResult } from '../../projects/project.js'

export interface CheckRequest {
  readonly result: TrainResult
  readonly snapshot: SnapshotManifest
  readonly dataFile: string
}

/**
 * An artifact must load and score a sample before it can become a candidate.
 * @returns true: it can
 * @throws SlipwayError BadArtifact if it cannot be loaded, does not score the sample, or a score is not a finite number
 */
export async function checkArtifact(
  project: Project,
  { result: { artifactFile, featureVersion, actionPolicy }, ...data }: CheckRequest,
): Promise<true> {
  const refuse = (problem: string, cause?: unknown): never => {
    throw new SlipwayError('BadArtifact', `the trained artifact was refused: ${problem}`, { cause })
  }
  const inputs = await project.sample(data)
  try {
    const scorer = await project.load({ artifact: await readFile(artifactFile), featureVersion })
    const outputs = await scorer.score(inputs)
    if (outputs.length !== inputs.length) refuse(`it gave ${outputs.length} outputs for ${inputs.length} inputs`)
    outputs.forEach((output, index) => {
      const bad = Object.entries(output).find(([, value]) => !Number.isFinite(value))
      if (bad) refuse(`${bad[0]} of sample ${index} is ${bad[1]}; it must be a finite number`)
      project.decide(output, actionPolicy, inputs[index])
    })
  } catch (error) {
    if (error instanceof SlipwayError && error.type === 'BadArtifact') throw error
    refuse(errorText(error), error)
  }
  return true
}
