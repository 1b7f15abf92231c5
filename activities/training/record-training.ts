/** The ledger entry of a training, also of a failed one: its inputs, its result, and its output as an artifact. */
import { arch, platform } from 'node:os'
import type { RunRef } from '../../contracts/activities.js'
import { trainingKey } from '../../contracts/ledger/index.js'
import { recordable } from '../../contracts/recordable-text.js'
import type { TrainResult } from '../../projects/project.js'
import type { ArtifactStore, Registry } from '../../registry/index.js'
import type { TrainerReport } from './run-trainer.js'

/** The fields that do not depend on the result. */
export interface TrainingRun extends RunRef {
  readonly attempt: number
  readonly snapshot: string
  readonly parameters: Readonly<Record<string, number | string | boolean>>
  readonly seed: number
  /** Digest of the trainer's code. */
  readonly code: string
  readonly seconds: number
  /** The first epoch of this attempt: above 1 after a resume; null if it reported none. */
  readonly firstEpoch: number | null
  readonly report: TrainerReport
}

export type TrainingEnd =
  | { readonly artifact: string; readonly result: TrainResult }
  | { readonly failed: { readonly type: string; readonly message: string } }

export async function recordTraining(
  { registry, artifacts }: { registry: Registry; artifacts: ArtifactStore },
  { project, workflowId, attempt, report, ...run }: TrainingRun,
  end: TrainingEnd,
): Promise<void> {
  const { output, peakMemoryBytes } = report
  await registry.ledger.append({
    project,
    kind: 'training_run',
    subject: workflowId,
    key: trainingKey(workflowId, attempt),
    body: {
      ...run,
      attempt,
      ...('failed' in end
        ? { failed: { ...end.failed, message: recordable(end.failed.message) } }
        : { artifact: end.artifact, featureVersion: end.result.featureVersion, metrics: end.result.metrics }),
      output:
        output.bytes === 0
          ? null
          : { artifact: await artifacts.putFile(output.file), bytes: output.bytes, tail: output.tail },
      peakMemoryBytes,
      // Byte-identical training holds within one processor architecture (docs/architecture.md, Training).
      environment: { node: process.version, platform: platform(), arch: arch() },
    },
  })
}
