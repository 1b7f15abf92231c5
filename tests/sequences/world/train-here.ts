/** The trainer without its process: what a process of its own costs is a second, and other tests start and kill hundreds. */
import { writeFile } from 'node:fs/promises'
import type { Dependencies } from '../../../activities/index.js'
import { SlipwayError } from '../../../contracts/failure.js'
import { project as toy } from '../../toy-project/index.js'

export const trainHere: NonNullable<Dependencies['runTrainer']> = async ({ request }, { outputFile, onProgress }) => {
  await writeFile(outputFile, '')
  const report = { output: { file: outputFile, bytes: 0, tail: '' }, peakMemoryBytes: null }
  try {
    return { ...report, result: await toy.train(request, onProgress) }
  } catch (error) {
    return { ...report, error: new SlipwayError('TrainerFailed', error instanceof Error ? error.message : 'it failed') }
  }
}
