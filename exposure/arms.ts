/** Which arm is compared with which in a phase, and which release answers in an arm. Pure. */
import type { ComparedReleases, ExposurePhase } from '../contracts/exposure.js'
import type { Arm } from '../contracts/names.js'

/**
 * In a canary the candidate is the small arm; after its promotion it is production, and the old production the small
 * arm.
 */
export const armsOf = (phase: ExposurePhase) => ARMS_OF[phase]

const ARMS_OF = {
  shadow: { challenger: 'shadow', reference: 'production' },
  canary: { challenger: 'canary', reference: 'production' },
  probation: { challenger: 'production', reference: 'holdback' },
} as const

/** The arm whose share is the weight of a step; production has the rest. In the shadow that weight is 0. */
export const armBesideProduction = (phase: ExposurePhase): Arm => (phase === 'probation' ? 'holdback' : phase)

/** The release that answers in an arm; null for an arm that the phase does not have. */
export function releaseIn({ phase, candidate, reference }: ComparedReleases, arm: Arm): string | null {
  const arms = armsOf(phase)
  if (arm === arms.challenger) return candidate
  return arm === arms.reference ? reference : null
}

/** The share of an arm in basis points, where the arm beside production has `weight`. */
export const shareOf = (arm: Arm, weight: number): number => (arm === 'production' ? 10_000 - weight : weight)
