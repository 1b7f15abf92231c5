import { mkdtemp, rm } from 'node:fs/promises'
import { arch, platform } from 'node:os'
import { join } from 'node:path'
import { Context } from '@temporalio/activity'
import { releaseManifest } from '../contracts/schemas/index.js'
import type { PromotionPolicy, ReleaseManifest } from '../contracts/types.js'
import { requireProject } from '../projects/load.js'
import type { Project, TrainResult } from '../projects/project.js'
import type { Dependencies } from './dependencies.js'
import { beatWhile } from './heartbeat.js'
import { runTrainer } from './training/run-trainer.js'
import type { CandidateRef, RunRef } from './types.js'

/** The same seed for every run: what differs between candidates is data and parameters, both recorded. */
export const SEED = 20_260

type TrainRun = RunRef & {
  snapshot: string
  parameters: Readonly<Record<string, number | string | boolean>>
  policy: PromotionPolicy
}

export function createTrainCandidate({ registry, artifacts, projects, workFolder }: Dependencies) {
  return async function trainCandidate(run: TrainRun): Promise<CandidateRef> {
    const project = requireProject(projects, run.project)
    const snapshot = await registry.getSnapshot(run.snapshot)
    const dataFile = await artifacts.path(snapshot.data)
    const outFolder = await mkdtemp(join(workFolder, 'training-'))
    const context = Context.current()
    try {
      const request = { snapshot, dataFile, outFolder, seed: SEED, parameters: run.parameters }
      const result = await beatWhile(context, () =>
        runTrainer(
          { project: run.project, request },
          { signal: context.cancellationSignal, onProgress: (progress) => context.heartbeat(progress) },
        ),
      )
      const artifact = await artifacts.putFile(result.artifactFile)
      await recordRun({ registry }, run, result, artifact)
      const manifest = manifestOf(project, run.snapshot, result, artifact, run.policy)
      return await registry.registerRelease({ project: run.project, manifest, workflowId: run.workflowId })
    } finally {
      await rm(outFolder, { recursive: true, force: true })
    }
  }
}

function recordRun(
  { registry }: Pick<Dependencies, 'registry'>,
  run: TrainRun,
  result: TrainResult,
  artifact: string,
): Promise<unknown> {
  const { project, workflowId, snapshot, parameters } = run
  return registry.append({
    project,
    kind: 'training_run',
    subject: workflowId,
    key: `${workflowId}:training:${artifact}`,
    body: {
      snapshot,
      parameters,
      seed: SEED,
      artifact,
      featureVersion: result.featureVersion,
      metrics: result.metrics,
      // Byte-identical training holds within one processor architecture (design.md §9.8).
      environment: { node: process.version, platform: platform(), arch: arch() },
    },
  })
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
