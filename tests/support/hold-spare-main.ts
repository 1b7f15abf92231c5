/** Trains once and keeps a spare trainer until its stdin ends: `tsx hold-spare-main.ts PROJECT WORK-FOLDER`. */
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createWarmTrainerRunner } from '../../activities/training/run-trainer.js'
import type { SnapshotManifest } from '../../contracts/types.js'
import { spareTrainersBelow } from './find-processes.js'
import { eventually } from './steer.js'

const [folder, work] = process.argv.slice(2)
if (!folder || !work) throw new Error('usage: hold-spare-main PROJECT WORK-FOLDER')
process.stdin.resume()
const ended = once(process.stdin, 'end')
const [outFolder, checkpointFolder] = [join(work, 'held', 'out'), join(work, 'held', 'checkpoint')]
for (const made of [outFolder, checkpointFolder]) await mkdir(made, { recursive: true })
const { runTrainer } = createWarmTrainerRunner(work)
const request = { outFolder, checkpointFolder, dataFile: '', snapshot: {} as SnapshotManifest, seed: 1, parameters: {} }
const trained = await runTrainer(
  { folder, request },
  {
    signal: new AbortController().signal,
    limits: { timeMs: 600_000, silenceMs: 600_000, bytes: 1024 ** 3 },
    outputFile: join(work, 'held', 'output.txt'),
    onProgress: () => {},
  },
)
if ('error' in trained) throw trained.error
const [spare] = await eventually('a spare trainer', async () => {
  const found = await spareTrainersBelow(work)
  return found.length > 0 && found
})
process.stdout.write(`${JSON.stringify({ spare })}\n`)
await ended
