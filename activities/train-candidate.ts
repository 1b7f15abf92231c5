import { fileURLToPath } from 'node:url'
import { Context } from '@temporalio/activity'
import type { CandidateRef, RunRef } from '../contracts/activities.js'
import { errorText } from '../contracts/error-text.js'
import { SlipwayError } from '../contracts/failure.js'
import type { PromotionPolicy, TrainProgress } from '../contracts/types.js'
import { requireProject } from '../projects/load.js'
import type { TrainResult } from '../projects/project.js'
import { manifestOf, SEED } from '../releases/release-tuple.js'
import type { Dependencies } from './dependencies.js'
import { withHeartbeat } from './heartbeat.js'
import { checkArtifact } from './training/check-artifact.js'
import { codeVersion } from './training/code-version.js'
import { recordTraining, type TrainingEnd } from './training/record-training.js'
import { runTrainer as runTrainerInProcess, type Trained } from './training/run-trainer.js'
import { limitsOf } from './training/trainer-limits.js'
import { openTrainingFolders } from './training/training-folders.js'

type TrainRun = RunRef & {
  snapshot: string
  parameters: Readonly<Record<string, number | string | boolean>>
  policy: PromotionPolicy
}

export function createTrainCandidate(deps: Dependencies) {
  const { registry, artifacts, projects, workFolder, now, runTrainer = runTrainerInProcess } = deps
  return async function trainCandidate(run: TrainRun): Promise<CandidateRef> {
    const project = requireProject(projects, run.project)
    const limits = limitsOf(project)
    const snapshot = await registry.releases.snapshot(run.snapshot)
    const dataFile = await artifacts.path(snapshot.data)
    const code = await codeVersion(project)
    const context = Context.current()
    const { remove, outputFile, ...folders } = await openTrainingFolders(workFolder, { ...run, code })
    const request = { snapshot, dataFile, ...folders, seed: SEED, parameters: run.parameters }
    const began = now()
    let progress: TrainProgress | undefined
    let firstEpoch: number | null = null
    const onProgress = (newest: TrainProgress) => {
      progress = newest
      firstEpoch ??= newest.epoch
      context.heartbeat(newest)
    }
    const signal = context.cancellationSignal
    // Kept also if the registry cannot be reached below: the next attempt resumes from the last checkpoint.
    let keep = true
    try {
      const report = await withHeartbeat(
        context,
        () =>
          runTrainer({ folder: fileURLToPath(project.folder), request }, { signal, limits, outputFile, onProgress }),
        () => progress,
      )
      const { end, error } = await endOf(report, async (result) => {
        await checkArtifact(project, result, { snapshot, dataFile })
        return artifacts.putFile(result.artifactFile)
      })
      if (error !== undefined || signal.aborted) keep = mayResume(error, context)
      signal.throwIfAborted()
      const seconds = (now() - began) / 1_000
      const { project: name, workflowId, snapshot: digest, parameters } = run
      const { attempt } = context.info
      const recorded = { project: name, workflowId, attempt, snapshot: digest, parameters, seed: SEED, code, seconds }
      await recordTraining(deps, { ...recorded, firstEpoch, report }, end)
      if ('failed' in end) throw error
      const manifest = manifestOf(project, run.snapshot, end.result, end.artifact, run.policy)
      const candidate = await registry.releases.register({ project: name, manifest, workflowId })
      keep = false
      return candidate
    } finally {
      if (!keep || isLastAttempt(context)) await remove()
    }
  }
}

/** The end of a training, with the artifact checked and stored; `error` is what the activity fails with. */
async function endOf(
  trained: Trained,
  store: (result: TrainResult) => Promise<string>,
): Promise<{ end: TrainingEnd; error?: unknown }> {
  try {
    if ('error' in trained) throw trained.error
    return { end: { artifact: await store(trained.result), result: trained.result } }
  } catch (error) {
    const type = error instanceof SlipwayError ? error.type : 'Unexpected'
    return { end: { failed: { type, message: errorText(error) } }, error }
  }
}

/**
 * A crash is retried, and so is training that a stopping worker interrupted. After an abort nothing uses the
 * checkpoint.
 */
function mayResume(error: unknown, { cancellationSignal, cancellationDetails }: Context): boolean {
  if (cancellationSignal.aborted) return cancellationDetails?.cancelRequested !== true
  return error instanceof SlipwayError && error.type === 'TrainerFailed'
}

const isLastAttempt = ({ info }: Context): boolean => info.attempt >= (info.retryPolicy?.maximumAttempts ?? 0)
