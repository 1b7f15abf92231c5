/** A monitored signal beyond its threshold, with the numbers that made it fire. */
import { z } from 'zod'
import { count, instant } from '../schemas/common.js'
import { breach } from '../schemas/evidence.js'
import { monitorSignal } from '../schemas/release.js'
import { phase } from './fields.js'

export const breachBody = z
  .strictObject({
    signal: breach.shape.signal.describe('Name of the signal.'),
    arm: breach.shape.arm.describe('The arm it was measured on.'),
    value: breach.shape.value.describe('The measured value.'),
    threshold: breach.shape.threshold.describe('The threshold of the signal.'),
    power: breach.shape.power.describe('What the breach may do: pause the canary or roll it back.'),
    at: breach.shape.at.describe('Event time at which it fired, by the clock of the process that measured it.'),
    phase: phase.optional().describe('The phase in which a decision service measured it.'),
    clock: monitorSignal.shape.clock.optional().describe('The clock of the signal.'),
    breachWhen: monitorSignal.shape.breachWhen.optional().describe('The side of the threshold that is a breach.'),
    decisions: count.optional().describe('Decisions in the window.'),
    numbers: z.record(z.string(), z.number()).optional().describe('Every number measured in the window.'),
    window: z
      .strictObject({ from: instant.describe('Start of the window.'), to: instant.describe('End of the window.') })
      .optional()
      .describe('The window it was measured in: event time, or wall time for service health.'),
  })
  .describe('A monitored signal beyond its threshold, with the numbers that made it fire.')
export type BreachBody = z.infer<typeof breachBody>

type Fired = Pick<BreachBody, 'signal' | 'arm' | 'at'>
/** What the keys of one signal and arm begin with; the instant follows. */
export const breachKeyStart = (workflowId: string, { signal, arm }: Omit<Fired, 'at'>): string =>
  `${workflowId}:breach:${signal}:${arm}:`
export const breachKey = (workflowId: string, fired: Fired): string => breachKeyStart(workflowId, fired) + fired.at
