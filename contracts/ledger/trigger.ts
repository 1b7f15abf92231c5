/** What started a release run: the first entry of each. */
import { z } from 'zod'
import { promotionPolicy } from '../schemas/policy.js'
import { trigger } from '../schemas/trigger.js'
import { clockBody } from './clock.js'
import { holding } from './fields.js'

export const triggerBody = z
  .strictObject({
    trigger: trigger
      .extend({
        // A project may train from an earlier release that a parameter names.
        parameters: holding('releaseId', trigger.shape.parameters),
        // A path, or the digest of data that were stored.
        source: holding('artifact', trigger.shape.source),
      })
      .describe('Who or what asked for the release, and for which data.'),
    policy: promotionPolicy.describe('The promotion policy in force for this run.'),
    clock: clockBody
      .omit({ opening: true })
      .describe('Maps wall time to event time: event time is eventStart + (wall time - wallStart) * speed.'),
  })
  .describe('What a release run was started with: the first entry of each run.')

export const triggerKey = (workflowId: string): string => `${workflowId}:trigger`
