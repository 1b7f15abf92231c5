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
    'The share of the arm beside production from a day on: a canary step, the end of exposure, or the holdback.',
  )
export type ExposureStep = z.infer<typeof canaryStepBody>

export const stepKey = (workflowId: string, { phase, step, opening }: Omit<ExposureStep, 'weight' | 'fromDay'>) =>
  `${workflowId}:${phase}:step:${step}${ofOpening(opening)}`

export const exposureClosedKey = (workflowId: string, opening?: number): string =>
  `${workflowId}:canary:closed${ofOpening(opening)}`
