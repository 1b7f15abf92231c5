import { fileURLToPath } from 'node:url'
import { Context } from '@temporalio/activity'
import type { CandidateRef, RunRef } from '../contracts/activities.js'
import { errorText } from '../contracts/error-text.js'
import { SlipwayError } from '../contracts/failure.js'
import type { GatePolicy, MonitorPolicy, PromotionPolicy, TrainProgress } from '../contracts/types.js'
import { requireProject } from '../projects/load.js'
import type { TrainResult } from '../projects/project.js'
import { manifestOf, SEED } from '../releases/release-tuple.js'
import { workInThisThread } from './computing/project-work.js'
import type { Dependencies } from './dependencies.js'
import { withHeartbeat } from './heartbeat.js'
import { type RetryBudget, withinBudget } from './retry-budget.js'
import { codeVersion } from './training/code-version.js'
import { recordTraining, type TrainingEnd } from './training/record-training.js'
import { createTrainerRunner, type Trained } from './training/run-trainer.js'
import { limitsOf } from './training/trainer-limits.js'
import { openTrainingFolders } from './training/training-folders.js'

type TrainRun = RunRef & {
  snapshot: string
  parameters: Readonly<Record<string, number | string | boolean>>
  policy: PromotionPolicy
  gates?: GatePolicy | undefined
  monitor?: MonitorPolicy | undefined
  trainings?: number
}

export function createTrainCandidate(deps: Dependencies) {
  const { registry, artifacts, projects, workFolder, now, runTrainer = createTrainerRunner(workFolder) } = deps
  const { projectWork: work = workInThisThread } = deps
  return (run: TrainRun): Promise<CandidateRef> =>
    withinBudget((budget) => withHeartbeat(budget, () => train(run, budget)))

  /** Attempts of an activity count from 1 again when a run began it again. */
  async function recordedTrainings({ project, workflowId }: RunRef): Promise<number> {
    return (await registry.ledger.entries(project, { kind: 'training_run', subject: workflowId })).length
  }

  async function train({ trainings = 0, ...run }: TrainRun, budget: RetryBudget): Promise<CandidateRef> {
    const project = requireProject(projects, run.project)
    const limits = limitsOf(project)
    const snapshot = await registry.releases.snapshot(run.snapshot)
    const dataFile = await artifacts.path(snapshot.data)
    const code = await codeVersion(project)
    const context = Context.current()
    const { outputFile, ...folders } = await openTrainingFolders(workFolder, run, { ...run, code })
    const request = { snapshot, dataFile, ...folders, seed: SEED, parameters: run.parameters }
    const began = now()
    let firstEpoch: number | null = null
    const onProgress = (newest: TrainProgress) => {
      firstEpoch ??= newest.epoch
      budget.heartbeat(newest)
    }
    const signal = context.cancellationSignal
    budget.trainerWorks(true)
    const job = { folder: fileURLToPath(project.folder), request }
    const report = await runTrainer(job, { signal, limits, outputFile, onProgress }).finally(() =>
      budget.trainerWorks(false),
    )
    const { end, error } = await endOf(report, async (result) => {
      await work.checkArtifact(project, { result, snapshot, dataFile }, signal)
      return artifacts.putFile(result.artifactFile)
    })
    signal.throwIfAborted()
    // Counted before it is recorded, which may fail for another reason.
    const failure = error === undefined ? undefined : budget.charge(error)
    // The artifact was not stored, or other infrastructure failed: the training has not ended yet.
    if (failure instanceof SlipwayError && failure.type === 'Unavailable') throw failure
    const seconds = (now() - began) / 1_000
    const { project: name, workflowId, snapshot: digest, parameters } = run
    const attempt = context.info.attempt + (trainings === 0 ? 0 : await recordedTrainings(run))
    const recorded = { project: name, workflowId, attempt, snapshot: digest, parameters, seed: SEED, code, seconds }
    await recordTraining(deps, { ...recorded, firstEpoch, report }, end)
    if ('failed' in end) throw failure
    const manifest = manifestOf(project, run.snapshot, end.result, end.artifact, run)
    return await registry.releases.register({ project: name, manifest, workflowId })
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
