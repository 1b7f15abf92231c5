import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { digestOf } from '../../contracts/canonical.js'

export interface TrainingFolders {
  /** Empty. */
  readonly outFolder: string
  /** As an interrupted attempt at the same training left it. */
  readonly checkpointFolder: string
  readonly outputFile: string
  remove(): Promise<void>
}

/** Named by a digest of what is trained, so that the next attempt finds the checkpoint of one that was killed. */
export async function openTrainingFolders(workFolder: string, training: object): Promise<TrainingFolders> {
  const folder = join(workFolder, `training-${digestOf(training).slice('sha256:'.length, 'sha256:'.length + 24)}`)
  const outFolder = join(folder, 'out')
  const checkpointFolder = join(folder, 'checkpoint')
  await rm(outFolder, { recursive: true, force: true })
  await mkdir(outFolder, { recursive: true })
  await mkdir(checkpointFolder, { recursive: true })
  const remove = () => rm(folder, { recursive: true, force: true })
  return { outFolder, checkpointFolder, outputFile: join(folder, 'output.txt'), remove }
}
