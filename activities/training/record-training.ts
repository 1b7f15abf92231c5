/** A training in the chain: what went in, what came of it, and its output as evidence; also of one that failed. */
import { arch, platform } from 'node:os'
import type { RunRef } from '../../contracts/activities.js'
import { recordable } from '../../contracts/text.js'
import type { TrainResult } from '../../projects/project.js'
import type { ArtifactStore, Registry } from '../../registry/index.js'
import type { TrainerReport } from './run-trainer.js'

/** What is the same whatever came of it. */
export interface TrainingRun extends RunRef {
  readonly attempt: number
  readonly snapshot: string
  readonly parameters: Readonly<Record<string, number | string | boolean>>
  readonly seed: number
  /** Digest of the trainer's code. */
  readonly code: string
  readonly seconds: number
  /** The first epoch of this attempt: above 1 after a resume; null where it told of none. */
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
    key: `${workflowId}:training:${attempt}`,
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
