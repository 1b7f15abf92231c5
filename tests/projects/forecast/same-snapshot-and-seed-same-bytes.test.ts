import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { RUN_SOURCE } from '../../support/run-source.js'
import { smallWorld, testFolder } from './demand-files.js'

const MAIN = fileURLToPath(new URL('./train-forecast-main.ts', import.meta.url))
const folder = testFolder()

it('imports and trains to the same bytes in two processes, and to different bytes from other data', async () => {
  const train = async (source: string, out: string) => {
    const args = [RUN_SOURCE, MAIN, source, folder.path(out)]
    const { stdout } = await promisify(execFile)(process.execPath, args)
    return JSON.parse(stdout) as { data: string; artifact: string }
  }
  const world = await smallWorld(folder)
  const [one, two, other] = await Promise.all([
    train(world, 'one'),
    train(world, 'two'),
    train(await smallWorld(folder, { seed: 3 }), 'other'),
  ])
  expect(two).toEqual(one)
  expect(other.data).not.toBe(one.data)
  expect(other.artifact).not.toBe(one.artifact)
})
