import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createTrainerRunner } from '../../activities/training/run-trainer.js'
import type { TrainProgress } from '../../contracts/types.js'
import type { Project, TrainRequest, TrainResult } from '../../projects/project.js'

const HOUR_MS = 3_600_000

/** Trains in a child process, as a release does. @throws the trainer's error */
export async function trainInChildProcess(
  project: Pick<Project, 'folder'>,
  request: TrainRequest,
  options: { onProgress?: (progress: TrainProgress) => void; signal?: AbortSignal } = {},
): Promise<TrainResult> {
  const { onProgress = () => {}, signal = new AbortController().signal } = options
  const folder = mkdtempSync(join(tmpdir(), 'slipway-trained-'))
  try {
    const limits = { timeMs: HOUR_MS, silenceMs: HOUR_MS, bytes: 1024 ** 3 }
    const job = { folder: fileURLToPath(project.folder), request }
    const trained = await createTrainerRunner(folder)(job, {
      signal,
      limits,
      outputFile: join(folder, 'output.log'),
      onProgress,
    })
    if ('error' in trained) throw trained.error
    return trained.result
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
