/** A folder with a project of a few lines, for tests of how trainers start. It needs no package. */
import { mkdtempSync, rmSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTrainerRunner, type RunTrainer, type TrainerRun } from '../../activities/training/run-trainer.js'
import type { LimitsInMs } from '../../activities/training/trainer-limits.js'
import type { TrainRequest } from '../../projects/project.js'

const HOUR_MS = 3_600_000

/** The end of `train`: writes the text as the artifact. */
export const RESULT = `
  const artifactFile = request.outFolder + '/model.txt'
  writeFileSync(artifactFile, text)
  const actionPolicy = { version: 'v1', parameters: {} }
  return { artifactFile, format: 'text/1', kind: 'text', featureVersion: 'v1', actionPolicy, metrics: {} }`

export async function smallProject(files: Readonly<Record<string, string>>) {
  const home = mkdtempSync(join(tmpdir(), 'slipway-small-'))
  const folder = join(home, 'project')
  const write = async (name: string, text: string) => writeFile(join(folder, name), text)
  await mkdir(folder)
  await write('package.json', '{ "type": "module" }')
  for (const [name, text] of Object.entries(files)) await write(name, text)
  let trainings = 0
  return {
    folder,
    /** Where its trainers work. */
    workFolder: home,
    write,
    close: () => rmSync(home, { recursive: true, force: true }),
    async train(
      runTrainer: RunTrainer = createTrainerRunner(home),
      parameters: TrainRequest['parameters'] = {},
      run: Partial<Pick<TrainerRun, 'signal' | 'onProgress'>> & { limits?: Partial<LimitsInMs> } = {},
    ) {
      trainings += 1
      const own = join(home, `training-${trainings}`)
      const request = { outFolder: join(own, 'out'), checkpointFolder: join(own, 'checkpoint'), seed: 1, parameters }
      for (const made of [request.outFolder, request.checkpointFolder]) await mkdir(made, { recursive: true })
      return runTrainer(
        { folder, request: { ...request, snapshot: {} as TrainRequest['snapshot'], dataFile: '' } },
        {
          signal: new AbortController().signal,
          onProgress: () => {},
          ...run,
          limits: { timeMs: HOUR_MS, silenceMs: HOUR_MS, bytes: 1024 ** 3, ...run.limits },
          outputFile: join(own, 'output.txt'),
        },
      )
    },
  }
}
