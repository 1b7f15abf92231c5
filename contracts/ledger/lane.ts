/** A run's place in the queue for its project's canary lane. */
import { z } from 'zod'
import { nonEmpty } from '../schemas/common.js'
import { releaseId } from './fields.js'

export const laneBody = z
  .strictObject({
    workflowId: nonEmpty.describe('The run that waits for the lane.'),
    releaseId: releaseId.describe('Its candidate.'),
  })
  .describe('A place in the queue for the canary lane of the project.')

export const laneKey = (workflowId: string): string => `${workflowId}:lane`
