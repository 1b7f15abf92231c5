import { readFile } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { folderSize } from '../../../activities/training/folder-size.js'
import { processesWith, trainersBelow } from '../../support/find-processes.js'
import { openUnruly } from '../../support/unruly-trainer.js'
import { GRANDCHILD } from '../../unruly-project/index.js'

let unruly: Awaited<ReturnType<typeof openUnruly>>
beforeAll(async () => {
  unruly = await openUnruly()
})
afterEach(async () => {
  expect(await trainersBelow(unruly.folder)).toEqual([])
  expect(await processesWith(GRANDCHILD.join(' '))).toEqual([])
})
afterAll(() => unruly?.close())

const MIB = 1024 ** 2

/** What the release will hear. */
async function problemOf(...args: Parameters<typeof unruly.train>) {
  const trained = await unruly.train(...args)
  if (!('error' in trained)) throw new Error('it trained')
  const error = trained.error as { type?: string; message: string }
  return { type: error.type, message: error.message, trained }
}

describe('a trainer that', () => {
  it('prints nothing and trains succeeds', async () => {
    const trained = await unruly.train('print nothing and train')
    expect(trained).toMatchObject({ result: { format: 'toy/1' }, output: { bytes: 0, tail: '' } })
    expect(trained.peakMemoryBytes).toBeGreaterThan(20 * MIB)
  })

  it('prints nothing and hangs is killed after its limit of silence', async () => {
    const { type, message } = await problemOf('print nothing and hang', { limits: { silenceMs: 3_000 } })
    expect(type).toBe('TrainerMisbehaved')
    expect(message).toBe('the trainer was killed: it printed nothing for 3 seconds, its limit')
  })

  it('reports progress and never ends is killed after its time limit', async () => {
    const { type, message } = await problemOf('chat and hang', { limits: { timeMs: 5_000 } })
    expect(type).toBe('TrainerMisbehaved')
    expect(message).toBe('the trainer was killed: it ran longer than its limit of 5 seconds')
  })

  it('writes 10 GB is killed early', async () => {
    const { type, message, trained } = await problemOf('write 10 GB', { limits: { bytes: 16 * MIB } })
    expect(type).toBe('TrainerMisbehaved')
    expect(message).toMatch(/^the trainer was killed: it wrote [\d.]+ MiB, more than its limit of 16 MiB$/)
    expect(await folderSize(trained.outFolder)).toBeLessThan(2_048 * MIB)
  })

  it('prints 20 MB of garbage and trains: the first 16 MB of it are kept', async () => {
    const trained = await unruly.train('print garbage and train')
    expect(trained).toMatchObject({ result: { format: 'toy/1' } })
    const { file, bytes, tail } = trained.output
    expect(bytes).toBeGreaterThan(20 * MIB)
    const kept = await readFile(file)
    expect(kept.length).toBeLessThan(17 * MIB)
    expect(kept.subarray(0, 80).toString()).toContain('{"progress":"nearly there"}\n{"result":{}}\n{"progress":\n')
    expect(kept.subarray(-60).toString()).toMatch(/\n\[\d+ more bytes were not kept\]\n$/)
    // Nothing a terminal would obey.
    expect(tail).toMatch(/� �\[2J the last words\n$/)
  })

  it('crashes is reported with its exit code and the end of its output', async () => {
    const { type, message } = await problemOf('print garbage and crash')
    expect(type).toBe('TrainerFailed')
    expect(message).toBe('the trainer ended with exit code 3; the end of its output: ��[2J the feed is on fire')
  })

  it('exits with code 0 without an artifact has failed', async () => {
    const { type, message } = await problemOf('end well without an artifact')
    expect(type).toBe('TrainerMisbehaved')
    expect(message).toBe('the trainer exited with code 0 but reported no artifact; it printed nothing else')
  })

  it.each([
    ['name an artifact that is not there', /no-such-file does not exist$/],
    ['name a file of the machine', /\/etc\/passwd is outside the output folder/],
    ['link to a file of the machine', /model\.json is outside the output folder/],
    ['write an empty artifact', /model\.json is empty$/],
  ])('would %s has no artifact', async (does, problem) => {
    const { type, message } = await problemOf(does)
    expect(type).toBe('TrainerMisbehaved')
    expect(message).toMatch(problem)
  })

  it.each(['start others and hang', 'run a program that hangs'])(
    'would %s leaves no process behind when it is aborted',
    async (does) => {
      const abort = new AbortController()
      const reason = new Error('aborted by the test')
      let others: Promise<number[]> | undefined
      const onProgress = () => {
        others = processesWith(GRANDCHILD.join(' ')).finally(() => abort.abort(reason))
      }
      const trained = await unruly.train(does, { signal: abort.signal, onProgress })
      expect(trained).toMatchObject({ error: reason })
      expect((await others)?.length).toBeGreaterThan(0)
    },
  )

  it('ends and leaves a process behind that keeps its outputs open does not delay the result', async () => {
    expect(await unruly.train('leave others behind')).toMatchObject({ result: { format: 'toy/1' } })
  })
})
