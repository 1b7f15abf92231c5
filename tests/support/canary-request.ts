/** What the activity of a live canary of the toy project is asked for, from the instant it was opened. */
import type { ExposureRequest } from '../../contracts/activities.js'
import { DAY_MS } from '../../contracts/duration.js'
import { toyPolicy } from '../toy-project/policy.js'

/** @param opened epoch ms: its clock, its step and its looks begin there */
export const canaryRequest = (
  workflowId: string,
  opened: number,
  fields: Partial<ExposureRequest> = {},
): ExposureRequest => ({
  project: 'toy',
  workflowId,
  phase: 'canary',
  candidate: 'toy_v2',
  reference: 'toy_v1',
  policy: { ...toyPolicy, deadline: '100d' },
  clock: { eventStart: opened, wallStart: opened, speed: 1 },
  evidence: 'live',
  opened,
  deadline: new Date(opened + 100 * DAY_MS).toISOString(),
  step: 0,
  stepBegan: opened,
  looksAfter: opened,
  paused: false,
  once: false,
  ...fields,
})
