/** The project `ranking`: which ten listings answer a marketplace query, and in which order, after returns. */
import type { Project } from '../project.js'
import { demo } from './demo.js'
import { formats } from './formats.js'
import { evaluate } from './gates/evaluate.js'
import { segments } from './gates/slices.js'
import { inputSchema } from './input-schema.js'
import { labelSchema } from './label-schema.js'
import type { Impression } from './listing.js'
import { measure } from './measure.js'
import { measureMatured } from './measure-matured.js'
import { decide, loss } from './model/slate.js'
import { readParameters } from './parameters.js'
import { gates, LOSS_UNIT, monitor, policy, schedule, triggers } from './policy.js'
import { load, replay, sample } from './serve.js'
import { importSnapshot } from './snapshot.js'
import { baseline, train } from './train.js'

export const project: Project<Impression> = {
  name: 'ranking',
  folder: new URL('.', import.meta.url),
  title: 'Marketplace ranking',
  lossUnit: LOSS_UNIT,
  policy,
  segments,
  gates,
  monitor,
  defaultCutoff: '2025-03-10T00:00:00Z',
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
  measure,
  measureMatured,
  evaluate,
  replayInOrder: true,
  replay,
}
