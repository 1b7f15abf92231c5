/** The protocol of a trainer's process: a job file in, JSON lines on stdout out. */
import { z } from 'zod'
import { FAILURES, type FailureType } from '../../contracts/failure.js'
import { parseJson } from '../../contracts/json-text.js'
import { actionPolicy, trainProgress } from '../../contracts/schemas/index.js'
import type { TrainProgress } from '../../contracts/types.js'
import type { TrainRequest, TrainResult } from '../../projects/project.js'

export interface TrainerJob {
  /** The project's folder: only this project is loaded. */
  readonly folder: string
  readonly request: TrainRequest
}

export type TrainerLine =
  | { readonly progress: TrainProgress }
  | { readonly result: TrainResult; readonly peakMemoryBytes: number }
  | { readonly error: { readonly type: FailureType; readonly message: string } }

const text = z.string().min(1)
const trainResult = z.object({
  artifactFile: text,
  format: text,
  kind: text,
  featureVersion: text,
  actionPolicy,
  metrics: z.record(z.string(), z.number()),
})
const failureType = z.enum(Object.keys(FAILURES) as [FailureType, ...FailureType[]])
const trainerLine = z.union([
  z.strictObject({ progress: trainProgress }),
  z.strictObject({ result: trainResult, peakMemoryBytes: z.number() }),
  z.strictObject({ error: z.object({ type: failureType, message: text }) }),
])

/** Undefined for everything else that a trainer, or a library in it, prints. */
export function parseLine(line: string): TrainerLine | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    return trainerLine.parse(parseJson(line))
  } catch {
    return undefined
  }
}
