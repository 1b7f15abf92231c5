/** Demand forecast: how many order lines will each stock code have a week from now, and is a replenish alert worth it? */
import type { Project } from '../project.js'
import { demo } from './demo.js'
import type { DemandInput } from './features/input.js'
import { inputSchema } from './features/input-schema.js'
import { evaluate } from './gates/evaluate.js'
import { measure } from './measure.js'
import { measureMatured } from './measure-matured.js'
import { decide, expectedLoss, loss } from './model/decide.js'
import { gates, monitor, policy, schedule, triggers } from './policy.js'
import { load, replay, sample } from './serve.js'
import { importSnapshot } from './snapshot.js'
import { baseline, train } from './train.js'

export const project: Project<DemandInput> = {
  name: 'forecast',
  folder: new URL('.', import.meta.url),
  title: 'Demand forecast',
  lossUnit: 'cost points per series and day',
  policy,
  gates,
  monitor,
  defaultCutoff: '2024-03-04T00:00:00Z',
  demo,
  schedule,
  triggers,
  importSnapshot,
  baseline,
  train,
  load,
  sample,
  inputSchema,
  decide,
  loss,
  expectedLoss,
  measure,
  measureMatured,
  evaluate,
  replay,
}
