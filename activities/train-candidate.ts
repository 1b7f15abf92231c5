import { mkdir, rm } from 'node:fs/promises'
import { arch, platform } from 'node:os'
import { join } from 'node:path'
import { Context } from '@temporalio/activity'
import { digestOf } from '../contracts/canonical.js'
import { SlipwayError } from '../contracts/failure.js'
import { releaseManifest } from '../contracts/schemas/index.js'
import type { PromotionPolicy, ReleaseManifest } from '../contracts/types.js'
import { requireProject } from '../projects/load.js'
import type { Project, TrainResult } from '../projects/project.js'
import type { Dependencies } from './dependencies.js'
import { beatWhile } from './heartbeat.js'
import { checkArtifact } from './training/check-artifact.js'
import { codeVersion } from './training/code-version.js'
import { runTrainer } from './training/run-trainer.js'
import type { CandidateRef, RunRef } from './types.js'

/** The same seed for every run: what differs between candidates is data and parameters, both recorded. */
export const SEED = 20_260

type TrainRun = RunRef & {
  snapshot: string
  parameters: Readonly<Record<string, number | string | boolean>>
  policy: PromotionPolicy
}

export function createTrainCandidate({ registry, artifacts, projects, workFolder, now }: Dependencies) {
  return async function trainCandidate(run: TrainRun): Promise<CandidateRef> {
    const project = requireProject(projects, run.project)
    const snapshot = await registry.getSnapshot(run.snapshot)
    const dataFile = await artifacts.path(snapshot.data)
    const code = await codeVersion(project)
    const context = Context.current()
    const { remove, ...folders } = await openFolders(workFolder, { ...run, code })
    const request = { snapshot, dataFile, ...folders, seed: SEED, parameters: run.parameters }
    const began = now()
    const result = await beatWhile(context, () =>
      runTrainer(
        { project: run.project, request },
        { signal: context.cancellationSignal, onProgress: (progress) => context.heartbeat(progress) },
      ),
    ).catch(async (error: unknown) => {
      if (!mayResume(error, context)) await remove()
      throw error
    })
    try {
      await checkArtifact(project, result, { snapshot, dataFile })
      const artifact = await artifacts.putFile(result.artifactFile)
      await registry.append({
        project: run.project,
        kind: 'training_run',
        subject: run.workflowId,
        key: `${run.workflowId}:training:${context.info.attempt}`,
        body: {
          snapshot: run.snapshot,
          parameters: run.parameters,
          seed: SEED,
          code,
          artifact,
          featureVersion: result.featureVersion,
          metrics: result.metrics,
          seconds: (now() - began) / 1_000,
          // Byte-identical training holds within one processor architecture (design.md §9.8).
          environment: { node: process.version, platform: platform(), arch: arch() },
        },
      })
      const manifest = manifestOf(project, run.snapshot, result, artifact, run.policy)
      return await registry.registerRelease({ project: run.project, manifest, workflowId: run.workflowId })
    } finally {
      await remove()
    }
  }
}

/** Named by what is trained, so that the next attempt finds the checkpoint that this one leaves when it is killed. */
async function openFolders(workFolder: string, run: TrainRun & { code: string }) {
  const folder = join(workFolder, `training-${digestOf(run).slice('sha256:'.length, 'sha256:'.length + 24)}`)
  const outFolder = join(folder, 'out')
  const checkpointFolder = join(folder, 'checkpoint')
  const remove = () => rm(folder, { recursive: true, force: true })
  await rm(outFolder, { recursive: true, force: true })
  await mkdir(outFolder, { recursive: true })
  await mkdir(checkpointFolder, { recursive: true })
  return { outFolder, checkpointFolder, remove }
}

/** Only a crash that is tried again: after an abort, bad data or the last attempt nobody comes back for the checkpoint. */
function mayResume(error: unknown, { info }: Context): boolean {
  const crashed = error instanceof SlipwayError && error.type === 'TrainerFailed'
  return crashed && info.attempt < (info.retryPolicy?.maximumAttempts ?? 0)
}

/** The tuple: everything that a rollback restores. */
export function manifestOf(
  project: Project,
  snapshot: string,
  result: TrainResult,
  artifact: string,
  policy: PromotionPolicy,
): ReleaseManifest {
  return releaseManifest.parse({
    schema: 'slipway.release/1',
    project: project.name,
    snapshot,
    featureVersion: result.featureVersion,
    model: { artifact, format: result.format, kind: result.kind },
    actionPolicy: result.actionPolicy,
    gates: project.gates,
    monitor: project.monitor,
    promotionPolicy: policy,
  })
}
