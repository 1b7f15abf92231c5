/** The share of traffic that the other arm has from a day on: a canary step, the end of exposure, or the holdback. */
import { z } from 'zod'
import { ofOpening } from '../names.js'
import { opening, phase } from './fields.js'

export const canaryStepBody = z
  .strictObject({
    phase,
    step: z.int().min(0).describe('Number of the step in the policy, counted from 0.'),
    weight: z
      .int()
      .min(0)
      .max(10_000)
      .describe("Basis points: the canary's share, or the holdback's in probation; 0 ends exposure."),
    fromDay: z.number().describe('Epoch milliseconds of the first whole UTC day at this weight.'),
    opening,
  })
  .describe(
    'The share of the arm beside production from a day on: a canary step, the end of exposure, or the holdback. A pause, an abort, a rollback or a breach before the first day of a step records the step again with the share in force, and a look that permits it once more. The last one that has begun is in force.',
  )
export type ExposureStep = z.infer<typeof canaryStepBody>

/** @param again how often the step was recorded before: a pause and the resume after it record it again */
export const stepKey = (
  workflowId: string,
  { phase, step, opening }: Omit<ExposureStep, 'weight' | 'fromDay'>,
  again = 0,
) => `${workflowId}:${phase}:step:${step}${ofOpening(opening)}${again === 0 ? '' : `:again:${again}`}`

export const exposureClosedKey = (workflowId: string, opening?: number): string =>
  `${workflowId}:canary:closed${ofOpening(opening)}`
