import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunRef } from '../../contracts/activities.js'
import { digestOf } from '../../contracts/canonical.js'
import type { Registry } from '../../registry/index.js'

export interface TrainingFolders {
  /** Empty. */
  readonly outFolder: string
  /** As an interrupted attempt at the same training left it. */
  readonly checkpointFolder: string
  readonly outputFile: string
}

const PREFIX = 'training-'
/** Names the run of a training folder. */
const RUN_FILE = 'run.json'

/** Named by a digest of what is trained, so that the next attempt finds the checkpoint of one that was killed. */
export async function openTrainingFolders(
  workFolder: string,
  { project, workflowId }: RunRef,
  training: object,
): Promise<TrainingFolders> {
  const digest = digestOf(training).slice('sha256:'.length, 'sha256:'.length + 24)
  const folder = join(workFolder, `${PREFIX}${digest}`)
  const outFolder = join(folder, 'out')
  const checkpointFolder = join(folder, 'checkpoint')
  await rm(outFolder, { recursive: true, force: true })
  await mkdir(outFolder, { recursive: true })
  await mkdir(checkpointFolder, { recursive: true })
  await writeFile(join(folder, RUN_FILE), JSON.stringify({ project, workflowId }))
  return { outFolder, checkpointFolder, outputFile: join(folder, 'output.txt') }
}

/** Removes the training folders of runs that have a verdict. Until then any attempt may resume from a checkpoint. */
export async function removeFinishedTrainings(
  { ledger }: { readonly ledger: Pick<Registry['ledger'], 'entries'> },
  workFolder: string,
): Promise<void> {
  for (const name of (await readdir(workFolder)).filter((found) => found.startsWith(PREFIX))) {
    const folder = join(workFolder, name)
    const run = await readFile(join(folder, RUN_FILE), 'utf8')
      .then(JSON.parse)
      .catch(() => undefined)
    // Another process removes it just now, or an earlier build made it.
    if (run === undefined) continue
    const { project, workflowId } = run as RunRef
    const verdicts = await ledger.entries(project, { kind: 'verdict', subject: workflowId })
    if (verdicts.length > 0) await rm(folder, { recursive: true, force: true })
  }
}
