import { mkdtempSync, rmSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeProject } from '../../../cli/runtime/write-project.js'
import { pendingText } from '../../../releases/pending-work.js'
import { trainersBelow } from '../../support/find-processes.js'
import { type ProjectServer, projectServer } from '../../support/project-server.js'
import { slipway } from '../../support/slipway.js'
import { eventually, operate, resultOf } from '../../support/steer.js'
import { inEpoch } from '../../support/trainer-epoch.js'
import { UNRULY_PROJECT } from '../../support/unruly-trainer.js'

let within: string
let on: ProjectServer
beforeAll(async () => {
  within = mkdtempSync(join(tmpdir(), 'slipway-training-'))
  const { folder } = await writeProject('parcels', within)
  on = await projectServer([folder, UNRULY_PROJECT])
})
afterAll(async () => {
  await on?.close()
  rmSync(within, { recursive: true, force: true })
})

/** Checkpoints stay until the verdict, and not longer. */
const noTrainingFolders = () =>
  eventually('no training folder', async () =>
    (await readdir(on.workFolder)).every((name) => !name.startsWith('training-')),
  )

async function runsOf(project: string, id: string) {
  const entries = await on.registry.ledger.entries(project, { kind: 'training_run', subject: id })
  return entries.map(({ body }) => body)
}

async function abort(id: string) {
  await operate(on, id, 'abort')
  return resultOf(on, id)
}

/** Trains, and ends the release before its canary takes days. */
async function artifactOf(id: string) {
  const [run] = await eventually('a trained candidate', async () => {
    const runs = await runsOf('parcels', id)
    return runs.some(({ artifact }) => artifact !== undefined) && runs
  }).then((runs) => runs.slice(-1))
  await abort(id).catch(() => {})
  return run as { artifact: string; firstEpoch: number; attempt: number; peakMemoryBytes: number }
}

describe('a training', () => {
  it('killed with kill -9 resumes from its checkpoint and gives the same bytes', async () => {
    const epochs = 60
    const whole = await artifactOf(await on.start('parcels', 'whole', { epochs }))
    expect(whole).toMatchObject({ firstEpoch: 1, attempt: 1 })
    const id = await on.start('parcels', 'killed', { epochs })
    await inEpoch(on, id, 5)
    const [trainer, ...others] = await trainersBelow(on.workFolder)
    expect(others).toEqual([])
    process.kill(-(trainer as number), 'SIGKILL')
    const resumed = await artifactOf(id)
    const [killed] = await runsOf('parcels', id)
    const message = expect.stringContaining('the trainer ended with SIGKILL')
    expect(killed).toMatchObject({ attempt: 1, failed: { type: 'TrainerFailed', message } })
    expect(resumed.attempt).toBe(2)
    expect(resumed.firstEpoch).toBeGreaterThan(5)
    expect(resumed.artifact).toBe(whole.artifact)
    expect(resumed.peakMemoryBytes).toBeLessThan(2 * 1024 ** 3)
    await noTrainingFolders()
  })

  it('shows epoch, loss and rows a second while it runs, and has ended within 5 s of an abort', async () => {
    const id = await on.start('parcels', 'aborted', { epochs: 100_000 })
    const work = await inEpoch(on, id, 2)
    expect(pendingText(work)).toMatch(/^training: epoch \d+ of 100000, loss 0\.\d{4}, [\d,]+ rows\/s$/)
    let seen = ''
    const onStdout = (soFar: string) => {
      seen = soFar
    }
    const watching = slipway(['release', 'watch', id], on.environment, { onStdout })
    const line = / training: epoch \d+ of 100000, loss 0\.\d{4}, [\d,]+ rows\/s\n/
    await eventually('an epoch in release watch', async () => line.test(seen))
    const began = performance.now()
    expect(await abort(id)).toMatchObject({ verdict: 'aborted', reason: 'operator_abort' })
    const seconds = (performance.now() - began) / 1_000
    expect(await trainersBelow(on.workFolder)).toEqual([])
    expect(seconds).toBeLessThan(5)
    await noTrainingFolders()
    const { stdout } = await watching
    expect(stdout).toContain(' aborted: operator_abort')
  })
})

describe('a release whose trainer', () => {
  const failed = { verdict: 'failed', reason: 'trainer_failed', releaseId: null }

  it.each([
    ['end well without an artifact', /^the trainer exited with code 0 but reported no artifact/],
    ['write 10 GB', /^the trainer was killed: it wrote [\d.]+ MiB, more than its limit of 16 MiB/],
  ])('would %s has failed for good at the first attempt', async (does, detail) => {
    const id = await on.start('unruly', does.replaceAll(' ', '-'), { does })
    const result = await resultOf(on, id)
    expect(result).toMatchObject(failed)
    expect(result.detail).toMatch(detail)
    expect(await runsOf('unruly', id)).toMatchObject([{ attempt: 1, failed: { type: 'TrainerMisbehaved' } }])
    await noTrainingFolders()
  })

  it('crashes in every attempt has failed; its output is in the ledger, whole and as its end', async () => {
    const id = await on.start('unruly', 'crashes', { does: 'print garbage and crash' })
    const result = await resultOf(on, id)
    expect(result).toMatchObject(failed)
    expect(result.detail).toContain('the trainer ended with exit code 3')
    expect(result.detail).toContain('the feed is on fire')
    const runs = await runsOf('unruly', id)
    expect(runs.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4])
    const { output } = runs[3] as { output: { artifact: string; tail: string } }
    expect(output.tail).toContain('the feed is on fire')
    expect(Buffer.from(await on.artifacts.get(output.artifact)).toString()).toContain(
      '\u0000\u001b[2J the feed is on fire',
    )
    expect((await on.registry.ledger.verify()).problems).toEqual([])
    await noTrainingFolders()
    const shown = await slipway(['release', 'show', id], on.environment)
    expect(shown.stdout).toContain('the feed is on fire')
  })

  it('learned NaN is held by a gate: the artifact does not score the sample', async () => {
    const id = await on.start('unruly', 'nan', { does: 'learn NaN' })
    const result = await resultOf(on, id)
    expect(result).toMatchObject({ verdict: 'held', reason: 'hold:artifact_scores', releaseId: null })
    expect(result.detail).toContain('must be a finite number')
    expect(await runsOf('unruly', id)).toMatchObject([{ failed: { type: 'BadArtifact' } }])
    expect((await on.registry.ledger.entries('unruly', { kind: 'release' })).length).toBe(1)
  })
})
