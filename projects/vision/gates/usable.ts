import type { GateResult } from '../../../contracts/types.js'
import type { VisionThresholds } from '../policy.js'
import type { HeldOut } from './answers.js'

/** The gate `usable_images`: a policy that requests most photos again would look good on the rest. */
export function usableGate(
  { candidate: { actions } }: HeldOut,
  { minUsableShare: threshold }: Pick<VisionThresholds, 'minUsableShare'>,
): GateResult {
  const retaken = actions.filter((action) => action === 'retake').length
  const value = actions.length === 0 ? 0 : 1 - retaken / actions.length
  const detail = `${actions.length - retaken} of ${actions.length} photos are usable; another is requested for ${retaken}`
  return { name: 'usable_images', passed: value >= threshold, value, threshold, detail }
}
