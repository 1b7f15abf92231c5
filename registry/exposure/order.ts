import type { ExposureStep } from '../../contracts/ledger/index.js'

/**
 * So that of the steps begun by some instant the last one is in force: by their first day, and the end of exposure, weight 0, after
 * all of them, although it is recorded beforehand.
 */
export const inOrderOfForce = (steps: readonly ExposureStep[]): ExposureStep[] =>
  [...steps].sort((a, b) => Number(a.weight === 0) - Number(b.weight === 0) || a.fromDay - b.fromDay || a.step - b.step)
