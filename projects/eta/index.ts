/** The project `eta`: late-delivery warnings on flights. A flight is late if it arrives more than 15 minutes late. */
import type { Project } from '../project.js'
import { demo } from './demo.js'
import type { ScheduledFlight } from './flights/flight.js'
import { formats } from './formats.js'
import { evaluate } from './gates/evaluate.js'
import { inputSchema } from './input-schema.js'
import { labelSchema } from './label-schema.js'
import { measure } from './measure.js'
import { decide, expectedLoss, loss } from './model/decide.js'
import { readParameters } from './parameters.js'
import { gates, LOSS_UNIT, monitor, policy, schedule, triggers } from './policy.js'
import { load, replay, sample } from './serve.js'
import { importSnapshot } from './snapshot.js'
import { baseline, train } from './train.js'

export const project: Project<ScheduledFlight> = {
  name: 'eta',
  folder: new URL('.', import.meta.url),
  title: 'Late-delivery warning',
  lossUnit: LOSS_UNIT,
  labelsIndependentOfAction: true,
  policy,
  gates,
  monitor,
  defaultCutoff: '2001-03-10T00:00:00Z',
  demo,
  schedule,
  triggers,
  formats,
  importSnapshot,
  baseline,
  train,
  checkParameters: readParameters,
  load,
  sample,
  inputSchema,
  labelSchema,
  decide,
  loss,
  expectedLoss,
  measure,
  evaluate,
  replayInOrder: true,
  replay,
}
