import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EvaluationReport, SnapshotManifest } from '../../contracts/types.js'
import { project } from '../../examples/python-late/index.js'
import { trainersBelow } from '../support/find-processes.js'
import { type ProjectServer, projectServer } from '../support/project-server.js'
import { eventually, operate, resultOf } from '../support/steer.js'

function pythonIsThere(): boolean {
  try {
    execFileSync('python3', ['-c', 'import sys, venv; sys.exit(sys.version_info < (3, 11))'])
    return true
  } catch {
    if (process.env.CI) throw new Error('python3 (3.11 or newer, with venv) must be there in CI')
    console.warn('skipped: no python3 (3.11 or newer, with venv)')
    return false
  }
}

interface Trained {
  readonly artifact?: string
  readonly firstEpoch: number
  readonly peakMemoryBytes: number
  readonly metrics: Readonly<Record<string, number>>
}

/** Making the virtual environment takes a minute or two, once for each requirements.txt. */
const WITHIN_MS = 600_000

describe.skipIf(!pythonIsThere())('a trainer in Python', () => {
  let on: ProjectServer
  beforeAll(async () => {
    on = await projectServer([fileURLToPath(project.folder)])
  })
  afterAll(() => on?.close())

  const trainedBy = async (id: string) => {
    const entries = await on.registry.ledger.entries('python-late', { kind: 'training_run', subject: id })
    return entries.map(({ body }) => body as unknown as Trained)
  }

  const trainingFolderOf = async (id: string) => {
    for (const name of await readdir(on.workFolder)) {
      const run = await readFile(join(on.workFolder, name, 'run.json'), 'utf8').catch(() => '')
      if (run.includes(JSON.stringify(id))) return join(on.workFolder, name)
    }
    return
  }

  it('trains, exports ONNX, passes the gates and is promoted', { timeout: WITHIN_MS }, async () => {
    const id = await on.start('python-late', 'first', {}, 200_000)
    const result = await resultOf(on, id, WITHIN_MS)
    expect(result).toMatchObject({ verdict: 'promoted', reason: 'non_inferior' })
    const { manifest } = await on.registry.releases.get(String(result.releaseId))
    expect(manifest.model).toMatchObject({ format: 'onnx/18', kind: '60 boosted trees' })
    const [evaluation] = await on.registry.ledger.entries('python-late', { kind: 'evaluation', subject: id })
    const report = evaluation?.body.report as EvaluationReport | undefined
    expect(report?.gates.map(({ name, passed }) => `${name} ${passed}`)).toEqual([
      'schema_valid true',
      'no_leakage true',
      'critical_slice_pass true',
      'cost_improves true',
    ])
    const [run] = await trainedBy(id)
    expect(run).toMatchObject({ firstEpoch: 1, metrics: { rows: expect.any(Number), logLoss: expect.any(Number) } })
    expect(run?.peakMemoryBytes).toBeLessThan(2 * 1024 ** 3)
  })

  it('says in Node what it said in Python, to the sixth digit', async () => {
    const [run] = await trainedBy('release/python-late/first')
    const artifact = await on.artifacts.get(String(run?.artifact))
    const { load } = await import('../../examples/python-late/model.js')
    const { readParcels } = await import('../../examples/python-late/parcels.js')
    const scorer = await load({ artifact, featureVersion: 'python-late_features_v1' })
    const [snapshot] = await on.registry.ledger.entries('python-late', {
      kind: 'snapshot',
      subject: 'release/python-late/first',
    })
    const manifest = snapshot?.body.manifest as SnapshotManifest | undefined
    const parcels = (await readParcels(await on.artifacts.path(manifest?.data ?? ''))).slice(0, 50)
    const outputs = await scorer.score(parcels.map(({ input }) => input))
    const mean = outputs.reduce((sum, { probability }) => sum + (probability ?? Number.NaN), 0) / outputs.length
    expect(mean).toBeCloseTo(run?.metrics.meanOfFirst50 ?? Number.NaN, 6)
  })

  it('killed in the middle, it resumes from its own checkpoint to the same bytes', { timeout: WITHIN_MS }, async () => {
    const artifactOf = async (id: string) => {
      const run = await eventually('a trained candidate', async () =>
        (await trainedBy(id)).find(({ artifact }) => artifact !== undefined),
      )
      await operate(on, id, 'abort').catch(() => {})
      return run
    }
    const whole = await artifactOf(await on.start('python-late', 'whole', { steps: 20 }))
    const id = await on.start('python-late', 'killed', { steps: 20 })
    const trainer = await eventually('a trainer with a checkpoint', async () => {
      const folder = await trainingFolderOf(id)
      // The file itself: a heartbeat reports an epoch up to a second later, when all may have passed.
      if (!folder || !existsSync(join(folder, 'checkpoint', 'model.pickle'))) return
      return (await trainersBelow(folder))[0]
    })
    process.kill(-trainer, 'SIGKILL')
    const resumed = await artifactOf(id)
    expect(resumed?.firstEpoch).toBeGreaterThan(1)
    expect(resumed?.artifact).toBe(whole.artifact)
  })

  it('that says the data cannot be learned from has its release held', async () => {
    const id = await on.start('python-late', 'too-little', { fewestParcels: 1_000_000 })
    const result = await resultOf(on, id)
    expect(result).toMatchObject({ verdict: 'held', reason: 'hold:schema_valid', releaseId: null })
    expect(result.detail).toContain('train.py cannot train on this data (exit code 65)')
    expect(result.detail).toContain('too few; give a later cutoff')
  })
})
