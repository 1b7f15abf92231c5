/** The releases one gateway answers from, and the one of them that answers an entity. */
import { type EvidenceSource, isLive } from '../../contracts/evidence-source.js'
import type { Arm } from '../../contracts/names.js'
import { armBesideProduction, armsOf } from '../../exposure/arms.js'
import { type AssignableRecord, type Assignment, assign } from '../../exposure/assign.js'
import { weightInForce } from '../../exposure/step-in-force.js'
import type { Project } from '../../projects/project.js'
import type { ServingRelease } from '../../releases/load-release.js'

/** Replaced as a whole: every decision belongs to exactly one state before or after a change of aliases. */
export interface Tuples {
  readonly project: Project
  readonly record: AssignableRecord
  readonly production: ServingRelease
  /** The canary's candidate, or in probation the old production; null where there is none or it cannot be loaded. */
  readonly other: ServingRelease | null
}

export interface ServedAssignment extends Assignment {
  readonly release: ServingRelease
}

/** @param wallNow wall time in epoch ms */
export function assignLoaded(tuples: Tuples, entityKey: string, wallNow: number): ServedAssignment {
  const assignment = assign(tuples.record, entityKey, wallNow, { onlyProduction: tuples.other === null })
  return { ...assignment, release: releaseFor(tuples, assignment.arm) }
}

/**
 * How this gateway splits traffic now; null where no release is exposed. Without its release the other arm has no
 * share.
 */
export function currentSplit({ record: { run }, other }: Tuples, wallNow: number) {
  if (!run) return null
  const { workflowId, phase, input } = run
  const evidence: EvidenceSource = isLive(input.trigger) ? 'live' : 'replay'
  const basisPoints = other ? weightInForce(run, wallNow) : 0
  return { workflowId, phase, arm: armBesideProduction(phase), basisPoints, evidence, clock: input.clock }
}

/** The release whose monitor watches the traffic: the challenger's, because its signals are hashed into its tuple. */
export const challengerOf = (tuples: Tuples): ServingRelease => {
  const { run } = tuples.record
  return releaseFor(tuples, run ? armsOf(run.phase).challenger : 'production')
}

const releaseFor = ({ production, other }: Tuples, arm: Arm): ServingRelease =>
  arm === 'production' || !other ? production : other
