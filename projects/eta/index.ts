/** Late-delivery warning on flights: will this one arrive more than 15 minutes late, and is a warning worth it? */
import type { Project } from '../project.js'
import type { ScheduledFlight } from './flights/flight.js'
import { evaluate } from './gates/evaluate.js'
import { decide, expectedLoss, loss } from './model/decide.js'
import { gates, monitor, policy } from './policy.js'
import { load, replay } from './serve.js'
import { importSnapshot } from './snapshot.js'
import { baseline, train } from './train.js'

export const project: Project<ScheduledFlight> = {
  name: 'eta',
  title: 'Late-delivery warning',
  lossUnit: 'cost points per flight',
  policy,
  gates,
  monitor,
  defaultCutoff: '2001-03-10T00:00:00Z',
  importSnapshot,
  baseline,
  train,
  load,
  decide,
  loss,
  expectedLoss,
  evaluate,
  replay,
}
