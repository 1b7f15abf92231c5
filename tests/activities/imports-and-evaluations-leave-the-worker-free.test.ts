import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ProjectWork } from '../../activities/computing/project-work.js'
import { createWorkThreads } from '../../activities/computing/work-threads.js'
import { unknownHost } from '../../activities/infrastructure-errors.js'
import { createWorkCompiler } from '../../activities/training/start-trainer.js'
import { SlipwayError } from '../../contracts/failure.js'
import type { SnapshotManifest } from '../../contracts/types.js'
import type { EvaluateRequest, Project, TrainResult } from '../../projects/project.js'
import { ENDLESS, GEMM, SUM_OF_700_MILLION_ONES } from '../support/onnx-files.js'
import { smallProject } from '../support/small-project.js'
import { eventually } from '../support/steer.js'

/** Computes without a pause, as a parser of a large file does, until a file appears. */
const FAILURE = new URL('../../contracts/failure.ts', import.meta.url).href
const ONNX = new URL('../../projects/kit/onnx.ts', import.meta.url).href
const PROJECT = `import { SlipwayError } from '${FAILURE}'
import { openOnnx } from '${ONNX}'
import { existsSync, writeFileSync } from 'node:fs'
const untilFile = (file) => {
  const end = Date.now() + 60_000
  while (!existsSync(file)) if (Date.now() > end) throw new Error('this process did nothing else meanwhile')
}
const does = {
  wait: (file) => { writeFileSync(file + '.began', ''); untilFile(file); return { dataFile: file, manifest: { rows: 1 } } },
  refuse: () => { throw new SlipwayError('BadData', 'line 3 is damaged') },
  host: () => { throw new Error('fetch failed', { cause: Object.assign(new Error('no such host'), { code: 'ENOTFOUND' }) }) },
  exit: () => process.exit(7),
}
export const project = {
  async importSnapshot({ source }) { const [what, file] = source.split('='); return does[what](file) },
  async evaluate({ candidate }) { return { bytes: [...candidate.artifact] } },
  sample: async () => [[1, 2, 3]],
  async load({ artifact }) {
    const model = await openOnnx(artifact)
    const score = ([x]) => model.run({ x: { values: new Float32Array(x), shape: [1, 3] } })
    return { score: async (inputs) => [{ y: (await score(inputs)).y[0] }] }
  },
  decide: () => 'act',
}
`
/** Long enough for a sound model on a busy machine. */
const LONGEST_CHECK_MS = 20_000
let folder: string
let close: () => void
let project: Project
let work: ProjectWork
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-threads-'))
  const small = await smallProject({ 'index.ts': PROJECT })
  close = small.close
  project = { folder: pathToFileURL(join(small.folder, '/')) } as Project
  work = createWorkThreads(createWorkCompiler(folder), LONGEST_CHECK_MS)
})
afterAll(() => {
  close?.()
  rmSync(folder, { recursive: true, force: true })
})

const importing = (source: string, signal = new AbortController().signal) =>
  work.importSnapshot(project, { source, cutoff: 0, outFolder: folder }, signal)

it('this process works while an import computes', async () => {
  const file = join(folder, 'go')
  const imported = importing(`wait=${file}`)
  await eventually('the import', async () => existsSync(`${file}.began`))
  writeFileSync(file, '')
  expect(await imported).toEqual({ dataFile: file, manifest: { rows: 1 } })
})

it('a cancelled import ends', async () => {
  const file = join(folder, 'never')
  const cancel = new AbortController()
  const imported = importing(`wait=${file}`, cancel.signal)
  await eventually('the import', async () => existsSync(`${file}.began`))
  cancel.abort(new Error('cancelled by ana'))
  await expect(imported).rejects.toThrow('cancelled by ana')
})

it('the code of a network error is kept, which decides about retries', async () => {
  const error = await importing('host=').catch((thrown: unknown) => thrown)
  expect(unknownHost(error)?.message).toBe('no such host')
})

it('a thread that ends by itself is a failure and not the end of this process', async () => {
  await expect(importing('exit=')).rejects.toThrow('ended with code 7')
})

it('data that the project refuses are still bad data', async () => {
  const error = await importing('refuse=').catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(SlipwayError)
  expect(error).toMatchObject({ type: 'BadData', message: 'line 3 is damaged' })
})

it('an evaluation gets the bytes of the artifacts', async () => {
  const request = { candidate: { artifact: new Uint8Array([3, 1, 2]) } } as EvaluateRequest
  const report = await work.evaluate(project, request, new AbortController().signal)
  expect(report).toEqual({ bytes: [3, 1, 2] })
})

describe('an artifact that a trainer wrote', () => {
  const check = (artifact: Uint8Array, signal = new AbortController().signal, by = work) => {
    const artifactFile = join(folder, 'model.onnx')
    writeFileSync(artifactFile, artifact)
    const result = { artifactFile, featureVersion: 'v1' } as TrainResult
    return by.checkArtifact(project, { result, snapshot: {} as SnapshotManifest, dataFile: '' }, signal)
  }

  it('is loaded and scores a sample in a thread', async () => {
    expect(await check(GEMM)).toBe(true)
  })

  it('and scores without an end is refused in time, and this process works meanwhile', async () => {
    const impatient = createWorkThreads(createWorkCompiler(folder), 2_000)
    const error: unknown = await check(ENDLESS, undefined, impatient).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ type: 'BadArtifact' })
    expect(String(error)).toContain('it did not load and score the sample within 2 seconds')
  })

  it('and asks for gigabytes is refused, and they are not taken', async () => {
    const before = process.memoryUsage.rss()
    await expect(check(SUM_OF_700_MILLION_ONES)).rejects.toMatchObject({
      type: 'BadArtifact',
      message: expect.stringContaining('bad_alloc') as string,
    })
    // Of all of the process: 2.8 GB without the limit.
    expect((process.resourceUsage().maxRSS * 1024 - before) / 2 ** 30).toBeLessThan(1.5)
  })

  it('and is damaged is refused', async () => {
    await expect(check(GEMM.subarray(0, 100))).rejects.toMatchObject({
      type: 'BadArtifact',
      message: expect.stringContaining('not an ONNX model') as string,
    })
  })
})
