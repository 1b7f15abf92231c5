/** Runs the trainer of the unruly project as the training activity does, without a server. */
import { mkdtempSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createTrainerRunner } from '../../activities/training/run-trainer.js'
import type { LimitsInMs } from '../../activities/training/trainer-limits.js'
import { openTrainingFolders } from '../../activities/training/training-folders.js'
import type { TrainProgress } from '../../contracts/types.js'
import { project } from '../unruly-project/index.js'

export const UNRULY_PROJECT = fileURLToPath(project.folder)

const HOUR_MS = 3_600_000

export async function openUnruly() {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-unruly-'))
  const source = join(folder, 'snapshot')
  await mkdir(source)
  const cutoff = Date.parse(project.defaultCutoff)
  const { manifest, dataFile } = await project.importSnapshot({ cutoff, outFolder: source })
  const data = `sha256:${'0'.repeat(64)}`
  const snapshot = { schema: 'slipway.snapshot/1' as const, project: project.name, data, ...manifest }
  const runTrainer = createTrainerRunner(folder)
  return {
    folder,
    close: () => rm(folder, { recursive: true, force: true }),
    async train(
      does: string,
      options: {
        limits?: Partial<LimitsInMs>
        signal?: AbortSignal
        onProgress?: (progress: TrainProgress) => void
      } = {},
    ) {
      const { outFolder, checkpointFolder, outputFile } = await openTrainingFolders(
        folder,
        { project: project.name, workflowId: 'none' },
        { does },
      )
      const request = { snapshot, dataFile, outFolder, checkpointFolder, seed: 1, parameters: { does } }
      const trained = await runTrainer(
        { folder: UNRULY_PROJECT, request },
        {
          signal: options.signal ?? new AbortController().signal,
          limits: { timeMs: HOUR_MS, silenceMs: HOUR_MS, bytes: 1024 ** 3, ...options.limits },
          outputFile,
          onProgress: options.onProgress ?? (() => {}),
        },
      )
      return { ...trained, outFolder }
    },
  }
}
