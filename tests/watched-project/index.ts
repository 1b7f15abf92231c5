/**
 * The toy project with a cadence and conditions; what it states can be changed for one process, to see what is refused.
 */
import type { ConditionsPolicy, SchedulePolicy } from '../../contracts/types.js'
import type { Project } from '../../projects/project.js'
import type { ToyInput } from '../toy-project/data.js'
import { project as toy } from '../toy-project/index.js'

const schedule: SchedulePolicy = {
  cron: process.env.WATCHED_CRON ?? '30 2 * * *',
  timeZone: process.env.WATCHED_ZONE ?? 'Europe/Berlin',
  overlap: 'buffer_one',
  catchUp: '2d',
  jitter: '5m',
}

export const triggers: ConditionsPolicy = {
  perDay: 2,
  conditions: [
    { name: 'old-data', condition: 'freshness', olderThan: '28d', every: '12h', coolDown: '7d' },
    {
      name: 'costs-more',
      condition: 'quality',
      days: 2,
      minLabelled: 100,
      bound: { above: 0.7 },
      every: '1d',
      coolDown: '3d',
    },
    {
      name: 'other-parcels',
      condition: 'drift',
      features: ['input.x', 'output.probability'],
      threshold: 0.2,
      window: '2d',
      reference: '2d',
      minDecisions: 200,
      every: '1d',
      coolDown: '3d',
    },
  ],
}

export const project: Project<ToyInput> = { ...toy, schedule, triggers }
