/** The project `forecast`: order lines of each stock code a week ahead, and whether to send a replenish alert. */
import type { Project } from '../project.js'
import { demo } from './demo.js'
import type { DemandInput } from './features/demand-input.js'
import { formats } from './formats.js'
import { evaluate } from './gates/evaluate.js'
import { segments } from './gates/slices.js'
import { inputSchema } from './input-schema.js'
import { labelSchema } from './label-schema.js'
import { measure } from './measure.js'
import { measureMatured } from './measure-matured.js'
import { decide, expectedLoss, loss } from './model/decide.js'
import { readParameters } from './parameters.js'
import { gates, LOSS_UNIT, monitor, policy, schedule, triggers } from './policy.js'
import { load, replay, sample } from './serve.js'
import { importSnapshot } from './snapshot.js'
import { baseline, train } from './train.js'

export const project: Project<DemandInput> = {
  name: 'forecast',
  folder: new URL('.', import.meta.url),
  title: 'Demand forecast',
  lossUnit: LOSS_UNIT,
  labelsIndependentOfAction: true,
  policy,
  segments,
  gates,
  monitor,
  defaultCutoff: '2024-03-04T00:00:00Z',
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
  measureMatured,
  evaluate,
  replayInOrder: true,
  replay,
}
