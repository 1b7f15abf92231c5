import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { createWarmTrainerRunner } from '../../../activities/training/run-trainer.js'
import { trainerEnvironment } from '../../../activities/training/trainer-environment.js'
import { processesWith, spareTrainersBelow, trainersBelow } from '../../support/find-processes.js'
import { startHolder } from '../../support/holder-process.js'
import { RESULT, smallProject } from '../../support/small-project.js'
import { eventually } from '../../support/steer.js'

/** Recognisable in a list of processes. */
const OTHER = 'sleep 86398.75'

const INDEX = `import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { word } from '../word.js'
const data = readFileSync(new URL('./data.txt', import.meta.url), 'utf8')
console.log('loaded')
let trainings = 0
export const project = { async train(request, onProgress) {
  trainings += 1
  if (request.parameters.hang) {
    const [command, ...args] = '${OTHER}'.split(' ')
    spawn(command, args, { stdio: 'ignore' })
    onProgress({ epoch: 1, epochs: 2, loss: 1, rowsPerSecond: 1 })
    await new Promise((resolve) => setTimeout(resolve, 3_600_000))
  }
  const text = JSON.stringify({ pid: process.pid, trainings, word, data, version: 1, env: process.env })${RESULT}
} }`

interface Seen {
  readonly pid: number
  readonly trainings: number
  readonly word: string
  readonly data: string
  readonly version: number
  readonly env: Record<string, string>
}

const [opened, warmed]: [(() => unknown)[], (() => void)[]] = [[], []]
afterEach(async () => {
  // All, because the process of one project may be a spare of another's runner.
  for (const close of warmed.splice(0)) close()
  for (const close of opened.splice(0).reverse()) await close()
})

async function open(options: { spareIdleMs?: number; index?: string } = {}) {
  const { index = INDEX, ...idle } = options
  const small = await smallProject({ 'index.ts': index, 'data.txt': 'some' })
  await writeFile(join(small.workFolder, 'word.ts'), `export const word: string = 'one'`)
  const warm = createWarmTrainerRunner(small.workFolder, idle)
  const ended = () => eventually('no trainer', async () => (await processesWith(small.workFolder)).length === 0)
  opened.push(small.close, ended)
  warmed.push(warm.close)
  const spares = () => spareTrainersBelow(small.workFolder)
  return {
    ...small,
    warm,
    spares,
    oneSpare: (otherThan?: number) =>
      eventually('a spare trainer', async () => {
        const found = await spares()
        return found.length === 1 && found[0] !== otherThan && found[0]
      }),
    async seen(): Promise<Seen> {
      const trained = await small.train(warm.runTrainer)
      if ('error' in trained) throw trained.error
      return JSON.parse(await readFile(trained.result.artifactFile, 'utf8')) as Seen
    },
  }
}

describe('a spare trainer', () => {
  it('is started after the first training, trains once, and another takes its place', async () => {
    const on = await open()
    expect(await on.spares()).toEqual([])
    const first = await on.seen()
    const spare = await on.oneSpare()
    expect(spare).not.toBe(first.pid)
    const trained = await on.train(on.warm.runTrainer)
    if ('error' in trained) throw trained.error
    const second = JSON.parse(await readFile(trained.result.artifactFile, 'utf8')) as Seen
    expect(second).toEqual({ ...first, pid: spare })
    expect(second.trainings).toBe(1)
    // What it printed while it loaded, and its memory, are those of its training.
    expect(trained.output.tail).toBe('loaded\n')
    expect(trained.peakMemoryBytes).toBeGreaterThan(20 * 1024 ** 2)
    const third = await on.oneSpare(spare)
    expect((await on.seen()).pid).toBe(third)
  })

  it('has the environment of a trainer, and no other variable of its worker', async () => {
    process.env.SLIPWAY_WEBHOOK_SECRET = 'secret'
    opened.push(() => {
      delete process.env.SLIPWAY_WEBHOOK_SECRET
    })
    const on = await open()
    await on.seen()
    const spare = await on.oneSpare()
    const { pid, env } = await on.seen()
    expect(pid).toBe(spare)
    expect(env).toEqual(trainerEnvironment(process.env))
  })

  it.each([
    ['its source', 'project/index.ts', INDEX.replace('version: 1', 'version: 2'), { version: 2 }],
    ['a file beside its source', 'project/data.txt', 'other', { data: 'other' }],
    ['a source in another folder', 'word.ts', `export const word: string = 'two'`, { word: 'two' }],
  ])('is ended unused when %s has changed since it loaded the project', async (_, file, text, news) => {
    const on = await open()
    await on.seen()
    const spare = await on.oneSpare()
    await writeFile(join(on.workFolder, file), text)
    const next = await on.seen()
    expect(next).toMatchObject(news)
    expect(next.pid).not.toBe(spare)
    expect((await on.seen()).pid).not.toBe(spare)
    expect(await on.spares()).not.toContain(spare)
  })

  it('that was killed while it waited costs nothing: the next training starts a process', async () => {
    const on = await open()
    await on.seen()
    const spare = await on.oneSpare()
    process.kill(spare, 'SIGKILL')
    await eventually('its end', async () => !(await on.spares()).includes(spare))
    expect((await on.seen()).trainings).toBe(1)
  })

  it('of a project that no longer loads reports why', async () => {
    const on = await open({ index: `throw new Error('no licence')\nexport const project = {}` })
    for (const _ of ['a new process', 'a spare']) {
      const message = expect.stringContaining('no licence')
      expect(await on.train(on.warm.runTrainer)).toMatchObject({ error: { type: 'BadRequest', message } })
      await on.oneSpare()
    }
  })

  it('is ended after it was idle', async () => {
    const on = await open({ spareIdleMs: 1_500 })
    await on.seen()
    await on.oneSpare()
    await eventually('its end', async () => (await on.spares()).length === 0)
  })

  it('is not kept for a project that starts from its sources', async () => {
    const on = await open({ index: `${INDEX}\nexport const other = (name) => import(name)` })
    const compiled = await open()
    await on.seen()
    await compiled.seen()
    await compiled.oneSpare()
    expect(await on.spares()).toEqual([])
  })

  it('is one of two at most in a worker', async () => {
    const [first, second, third] = [await open(), await open(), await open()]
    const { runTrainer } = first.warm
    // Their compiled code is in its folder.
    const all = first.spares
    await first.train(runTrainer)
    await second.train(runTrainer)
    const before = await eventually('two spares', async () => {
      const found = await all()
      return found.length === 2 && found
    })
    await third.train(runTrainer)
    const after = await eventually('another', async () => {
      const found = await all()
      return found.some((pid) => !before.includes(pid)) && found.length === 2 && found
    })
    expect(after).not.toContain(before[0])
  })
})

describe('a training in a spare trainer', () => {
  const hung = async (run: Parameters<Awaited<ReturnType<typeof open>>['train']>[2]) => {
    const on = await open()
    await on.seen()
    await on.oneSpare()
    const trained = await on.train(on.warm.runTrainer, { hang: true }, run)
    expect(await processesWith(OTHER)).toEqual([])
    expect(await trainersBelow(on.workFolder)).toEqual([])
    return trained
  }

  it('is killed with its process group when it is aborted', async () => {
    const abort = new AbortController()
    const reason = new Error('aborted by the test')
    let others: Promise<number[]> | undefined
    const onProgress = () => {
      others = processesWith(OTHER).finally(() => abort.abort(reason))
    }
    expect(await hung({ signal: abort.signal, onProgress })).toMatchObject({ error: reason })
    expect((await others)?.length).toBe(1)
  })

  it.each([
    ['time', { timeMs: 2_000 }, 'it ran longer than its limit of 2 seconds'],
    ['silence', { silenceMs: 2_000 }, 'it printed nothing for 2 seconds, its limit'],
  ])('is killed with its process group after its limit on %s', async (_, limits, problem) => {
    expect(await hung({ limits })).toMatchObject({ error: { message: `the trainer was killed: ${problem}` } })
  })
})

describe('spare trainers end with their worker', () => {
  it.each(['letGo', 'kill'] as const)('%s', async (how) => {
    const on = await open()
    const holder = startHolder<{ spare: number }>('hold-spare-main.ts', [on.folder, on.workFolder], {})
    const { spare } = await holder.report
    expect(await on.spares()).toEqual([spare])
    await holder[how]()
    await eventually('the end of the spare', async () => !(await on.spares()).includes(spare))
  })

  it('when it stops, and none is started afterwards', async () => {
    const on = await open()
    await on.seen()
    const spare = await on.oneSpare()
    on.warm.close()
    await eventually('the end of the spare', async () => !(await on.spares()).includes(spare))
    expect((await on.seen()).trainings).toBe(1)
    expect(await on.spares()).toEqual([])
  })
})
