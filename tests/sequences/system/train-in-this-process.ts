/** Trains without a separate process, which would take a second; other tests start and kill trainer processes. */
import { writeFile } from 'node:fs/promises'
import type { Dependencies } from '../../../activities/create-activities.js'
import { errorText } from '../../../contracts/error-text.js'
import { SlipwayError } from '../../../contracts/failure.js'
import { project as toy } from '../../toy-project/index.js'

type RunTrainer = NonNullable<Dependencies['runTrainer']>

export const trainInThisProcess: RunTrainer = async ({ request }, { outputFile, onProgress }) => {
  await writeFile(outputFile, '')
  const report = { output: { file: outputFile, bytes: 0, tail: '' }, peakMemoryBytes: null }
  try {
    return { ...report, result: await toy.train(request, onProgress) }
  } catch (error) {
    return { ...report, error: new SlipwayError('TrainerFailed', errorText(error)) }
  }
}
