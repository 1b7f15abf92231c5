/** What a trainer's process is told and says: one job file in, one JSON line at a time out. */
import type { FailureType } from '../../contracts/failure.js'
import type { TrainProgress, TrainRequest, TrainResult } from '../../projects/project.js'

export interface TrainerJob {
  readonly project: string
  readonly request: TrainRequest
}

export type TrainerLine =
  | { readonly progress: TrainProgress }
  | { readonly result: TrainResult }
  | { readonly error: { readonly type: FailureType; readonly message: string } }
