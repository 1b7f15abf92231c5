/** The clock of a compressed release, started with its canary and started again after a standstill. */
import { z } from 'zod'
import { ofOpening } from '../names.js'
import { opening } from './fields.js'

export const clockBody = z
  .strictObject({
    eventStart: z.number().describe('Event time in epoch milliseconds at wallStart.'),
    wallStart: z.number().describe('Wall time in epoch milliseconds.'),
    speed: z.number().positive().describe('How many times faster than wall time event time runs.'),
    opening,
  })
  .describe('The clock of a compressed release, started with its canary, or started again after an interruption.')

export const clockKey = (workflowId: string, opening: number): string => `${workflowId}:clock${ofOpening(opening)}`

/** @param wallStart epoch ms of wall time at which the clock was started again */
export const resumedClockKey = (workflowId: string, wallStart: number): string => `${workflowId}:clock:${wallStart}`
