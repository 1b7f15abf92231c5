/** A training that does nothing, in each way in which its process can start. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createTrainerRunner, createWarmTrainerRunner, type RunTrainer } from '../../activities/training/run-trainer.js'
import type { SnapshotManifest } from '../../contracts/types.js'
import type { Line, Measurement } from './measurement.js'
import { project } from './noop-project/index.js'
import { percentiles, sample } from './samples.js'
import { withOpened } from './stack.js'

const SOURCES = fileURLToPath(new URL('../../activities/training/trainer-process.ts', import.meta.url))
const FOLDER = fileURLToPath(project.folder)
const HOUR_MS = 3_600_000
/** A spare process has loaded the project by then. */
const LOADED_MS = 1_500
const CLOCK_TICKS = 100

export const trainerStart: Measurement = {
  about: 'the process of a training that does nothing: from the sources, compiled, and one that has loaded the project',
  run: ({ small }) =>
    withOpened(async (opened) => {
      const home = await mkdtemp(join(tmpdir(), 'slipway-bench-'))
      opened.push(() => rm(home, { recursive: true, force: true }))
      const warm = createWarmTrainerRunner(home)
      opened.push(async () => warm.close())
      const [cold, times] = [createTrainerRunner(home), small ? 3 : 15]
      await train(cold, await jobIn(home))
      await train(warm.runTrainer, await jobIn(home))
      const sources = await measure(times, async () => fromSources(await jobIn(home)))
      const compiled = await measure(times, async () => train(cold, await jobIn(home)))
      const spare = await measure(times, async () => train(warm.runTrainer, await jobIn(home)), LOADED_MS)
      // As a worker with two places trains when many releases wait.
      const [pairs, crowd] = [2, small ? 4 : 20]
      const many = {
        sources: await sample(crowd, pairs, async () => fromSources(await jobIn(home))),
        compiled: await sample(crowd, pairs, async () => train(cold, await jobIn(home))),
        spare: await sample(crowd, pairs, async () => train(warm.runTrainer, await jobIn(home))),
      }
      return [
        ...linesOf('from the sources', sources),
        ...linesOf('compiled', compiled),
        ...linesOf('that has loaded the project', spare),
        { what: 'p50 compiled, of that from the sources', value: compiled.p50 / sources.p50, unit: '×' },
        { what: 'p50 of one that has loaded it, of that from the sources', value: spare.p50 / sources.p50, unit: '×' },
        { what: 'trainings from the sources, two at a time', value: many.sources.perSecond, unit: '/s' },
        { what: 'trainings compiled, two at a time', value: many.compiled.perSecond, unit: '/s' },
        { what: 'trainings with a spare process, two at a time', value: many.spare.perSecond, unit: '/s' },
      ]
    }),
}

type Job = Awaited<ReturnType<typeof jobIn>>

async function jobIn(home: string) {
  const own = await mkdtemp(join(home, 'job-'))
  const [outFolder, checkpointFolder] = [join(own, 'out'), join(own, 'checkpoint')]
  for (const made of [outFolder, checkpointFolder]) await mkdir(made)
  return { outFolder, checkpointFolder, dataFile: '', snapshot: {} as SnapshotManifest, seed: 1, parameters: {} }
}

async function train(runTrainer: RunTrainer, request: Job): Promise<void> {
  const trained = await runTrainer(
    { folder: FOLDER, request },
    {
      signal: new AbortController().signal,
      limits: { timeMs: HOUR_MS, silenceMs: HOUR_MS, bytes: 1024 ** 3 },
      outputFile: join(request.outFolder, '..', 'output.txt'),
      onProgress: () => {},
    },
  )
  if ('error' in trained) throw trained.error
}

async function fromSources(request: Job): Promise<void> {
  const jobFile = join(request.outFolder, 'job.json')
  await writeFile(jobFile, JSON.stringify({ folder: FOLDER, request }))
  const args = ['--import', import.meta.resolve('tsx'), SOURCES, jobFile]
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'], detached: true })
  child.stdout.resume()
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`a trainer from the sources ended with ${code}`)
}

interface Measured {
  readonly p50: number
  /** Processor seconds of a process, or NaN where the system does not say. */
  readonly cpu: number
}

async function measure(times: number, work: () => Promise<void>, restMs = 0): Promise<Measured> {
  const all: number[] = []
  const before = childrenSeconds()
  for (let time = 0; time < times; time += 1) {
    await sleep(restMs)
    const began = performance.now()
    await work()
    all.push(performance.now() - began)
  }
  return { p50: percentiles(all).p50, cpu: (childrenSeconds() - before) / times }
}

/** Processor seconds of the children of this process that have ended; Linux only. */
function childrenSeconds(): number {
  if (process.platform !== 'linux') return Number.NaN
  const text = readFileSync('/proc/self/stat', 'utf8')
  // After the command in brackets: state, parent, …; children's user and system ticks are fields 14 and 15 of these.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[13]) + Number(fields[14])) / CLOCK_TICKS
}

function linesOf(how: string, { p50, cpu }: Measured): Line[] {
  const lines: Line[] = [{ what: `a training in a process ${how}, p50`, value: p50, unit: 'ms' }]
  if (!Number.isNaN(cpu)) lines.push({ what: `processor time of a process ${how}`, value: cpu * 1_000, unit: 'ms' })
  return lines
}
