/**
 * Everything that a project may use besides the interface. Projects outside this repository import it as `slipway/kit`.
 */
export { z } from 'zod'
export { canonicalJson } from '../contracts/canonical.js'
export { decimalOf } from '../contracts/decimal.js'
export { DAY_MS, durationMs, utcDay } from '../contracts/duration.js'
export { SlipwayError } from '../contracts/failure.js'
export { REQUIRED_GATES } from '../contracts/names.js'
export { readInstant } from '../contracts/read-instant.js'
export type {
  ActionPolicy,
  EvaluationReport,
  Figure,
  GatePolicy,
  GateResult,
  MonitorSignal,
  OfflinePolicy,
  PromotionPolicy,
  SchedulePolicy,
  SnapshotManifest,
} from '../contracts/types.js'
export { policyNumber } from './kit/action-policy.js'
export { areaUnderCurve } from './kit/area-under-curve.js'
export { type BinaryEvaluation, evaluateBinary } from './kit/binary-evaluation.js'
export { calibrationFigure, costFigure, recallFigure } from './kit/binary-figures.js'
export { type Calibration, fitCalibration } from './kit/calibrate.js'
export { type Checkpoint, readCheckpoint, saveCheckpoint } from './kit/checkpoint.js'
export { type CommandTrainer, commandTrainer } from './kit/command-trainer.js'
export { costGate } from './kit/cost-gate.js'
export { type SliceQuality, withSliceLimits } from './kit/critical-slice.js'
export { csvRows, csvTable } from './kit/csv-file.js'
export { featureProblems } from './kit/feature-table.js'
export { type Fit, fitNetwork } from './kit/fit.js'
export { dayField, instantField } from './kit/instant-fields.js'
export { beyondReference, breachAbove, breachBelow } from './kit/monitor-signals.js'
export { type OnnxModel, openOnnx } from './kit/onnx.js'
export { seededRandom } from './kit/random.js'
export { shuffled } from './kit/shuffle.js'
export { type TellingFeature, tellingFeatures } from './kit/telling-features.js'
export { loadTensorflow, type Tensorflow } from './kit/tensorflow.js'
export { thresholdReader } from './kit/thresholds.js'
export { parameterReader } from './kit/training-parameters.js'
export { wilson } from './kit/wilson.js'
