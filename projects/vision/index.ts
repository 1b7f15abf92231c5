/** The project `vision`: damaged parcels on photos. Actions are to pass, to review, or to request another photo. */
import type { Project } from '../project.js'
import { demo } from './demo.js'
import { baseline } from './first-release.js'
import { formats } from './formats.js'
import { evaluate } from './gates/evaluate.js'
import { segments } from './gates/slices.js'
import { inputSchema } from './input-schema.js'
import { labelSchema } from './label-schema.js'
import { measure } from './measure.js'
import { decide, expectedLoss, loss } from './model/decide.js'
import { readParameters } from './parameters.js'
import type { PhotoInput } from './photos/photo.js'
import { gates, LOSS_UNIT, monitor, policy, triggers } from './policy.js'
import { load, replay, sample } from './serve.js'
import { importSnapshot } from './snapshot.js'
import { train } from './train.js'

export const project: Project<PhotoInput> = {
  name: 'vision',
  folder: new URL('.', import.meta.url),
  title: 'Damaged parcels on photos',
  lossUnit: LOSS_UNIT,
  policy,
  segments,
  gates,
  monitor,
  defaultCutoff: '2026-03-02T00:00:00Z',
  demo,
  triggers,
  formats,
  importSnapshot,
  baseline,
  train,
  checkParameters: readParameters,
  load,
  sample,
  decide,
  loss,
  expectedLoss,
  inputSchema,
  labelSchema,
  measure,
  evaluate,
  replayInOrder: true,
  replay,
}
