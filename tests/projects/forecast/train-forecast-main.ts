/**
 * Imports and trains in a process of its own, and prints the digests of what came out: `node bin/run.js
 * train-forecast-main.ts WORLD FOLDER`.
 */
import { createHash } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { project } from '../../../projects/forecast/index.js'

const [source, outFolder] = process.argv.slice(2)
if (!source || !outFolder) throw new Error('usage: train-main WORLD FOLDER')
await mkdir(outFolder)
const { manifest, dataFile } = await project.importSnapshot({
  source,
  cutoff: Date.parse('2023-03-06T00:00:00Z'),
  outFolder,
})
const snapshot = {
  ...manifest,
  schema: 'slipway.snapshot/1' as const,
  project: 'forecast',
  data: `sha256:${'0'.repeat(64)}`,
}
const checkpointFolder = join(outFolder, 'checkpoint')
const parameters = { rows: 3_000, epochs: 2 }
const { artifactFile, actionPolicy } = await project.train(
  { snapshot, dataFile, outFolder, checkpointFolder, seed: 7, parameters },
  () => {},
)
const digest = async (file: string) =>
  createHash('sha256')
    .update(await readFile(file))
    .digest('hex')
process.stdout.write(
  JSON.stringify({ manifest, data: await digest(dataFile), artifact: await digest(artifactFile), actionPolicy }),
)
