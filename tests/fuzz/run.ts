/**
 * Plays generated cases of one surface: each is taken or refused, within five seconds of processor time, and changes no
 * prototype. A case that never ends would stop the process silently, so another thread watches it.
 */
import { Worker } from 'node:worker_threads'
import fc from 'fast-check'
import { SlipwayError } from '../../contracts/failure.js'
import { seedOfCommit } from '../support/seed-of-commit.js'
import type { Answer, Surface } from './surface.js'

/** Of processor time: the machine may have other work. */
const LONGEST_CASE_MS = 5_000

const seedGiven = Number(process.env.SLIPWAY_SEED ?? Number.NaN)
export const seed = Number.isInteger(seedGiven) ? seedGiven : seedOfCommit()
const { SLIPWAY_PATH: path } = process.env
/** All cases of all surfaces. */
export const CASES = Number(process.env.SLIPWAY_FUZZ ?? 2_000)

/** From so many on, some of each surface must be taken: otherwise nothing behind its first check was reached. */
const ENOUGH = 1_000

/** @returns what was played, for the log */
export async function play(surface: Surface): Promise<string> {
  const numRuns = Math.max(1, Math.round((CASES * surface.share) / 100))
  const watchdog = watch(surface.name)
  const found = { taken: 0, refused: 0, slowest: 0 }
  const began = performance.now()
  const prototypes = prototypeNames()
  try {
    await fc.assert(
      fc.asyncProperty(surface.cases, async (input) => {
        const before = process.cpuUsage()
        watchdog.begin()
        const answer = await answerOf(surface, input).finally(watchdog.end)
        const { user, system } = process.cpuUsage(before)
        const took = (user + system) / 1_000
        found[answer] += 1
        found.slowest = Math.max(found.slowest, took)
        if (took > LONGEST_CASE_MS) throw new Error(`it took ${took.toFixed(0)} ms of processor time`)
        if (prototypeNames() !== prototypes) throw new Error(`a prototype was changed: ${prototypeNames()}`)
      }),
      { numRuns, seed, ...(path === undefined ? {} : { path }), interruptAfterTimeLimit: 3_600_000 },
    )
  } finally {
    await watchdog.stop()
  }
  const seconds = ((performance.now() - began) / 1_000).toFixed(1)
  const memory = (process.memoryUsage().rss / 1024 ** 2).toFixed(0)
  const { taken, refused, slowest } = found
  if (numRuns >= ENOUGH && (taken === 0 || refused === 0))
    throw new Error(`${surface.name}: of ${numRuns} cases ${taken} were taken and ${refused} refused`)
  return `${surface.name}: ${numRuns} cases in ${seconds} s, ${taken} taken, ${refused} refused, slowest ${slowest.toFixed(0)} ms, ${memory} MB, SLIPWAY_SEED=${seed}`
}

async function answerOf(surface: Surface, input: unknown): Promise<Answer> {
  try {
    return await surface.run(input)
  } catch (error) {
    if (error instanceof SlipwayError) return 'refused'
    throw error
  }
}

const prototypeNames = (): string =>
  [Object.prototype, Array.prototype, Function.prototype, String.prototype, Number.prototype]
    .map((prototype) => Reflect.ownKeys(prototype).length)
    .join()

const WATCHING = `
const { workerData: { shared, name, limit } } = require('node:worker_threads')
const counter = new Int32Array(shared)
let [seen, since] = [0, Date.now()]
setInterval(() => {
  const now = Atomics.load(counter, 0)
  if (now !== seen) [seen, since] = [now, Date.now()]
  else if (now % 2 === 1 && Date.now() - since > limit) {
    require('node:fs').writeSync(2, name + ': case ' + (now + 1) / 2 + ' does not end; the process is killed\\n')
    process.kill(process.pid, 'SIGKILL')
  }
}, 1000)
`
/** Wall time, on a machine that does much else. */
const NEVER_ENDS_MS = 120_000

function watch(name: string) {
  const shared = new SharedArrayBuffer(4)
  const counter = new Int32Array(shared)
  const text = `${name}, SLIPWAY_SEED=${seed}`
  const worker = new Worker(WATCHING, { eval: true, workerData: { shared, name: text, limit: NEVER_ENDS_MS } })
  worker.unref()
  // Odd while a case runs.
  const step = () => void Atomics.add(counter, 0, 1)
  return { begin: step, end: step, stop: () => worker.terminate() }
}
