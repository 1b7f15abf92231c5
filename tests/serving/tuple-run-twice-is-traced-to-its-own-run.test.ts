import { afterEach, beforeEach, expect, it } from 'vitest'
import { gatherReport } from '../../console/report/report-data.js'
import { digestOf } from '../../contracts/canonical.js'
import { createReleaseLoader } from '../../releases/load-release.js'
import { operate, operatorActionOf } from '../../releases/operate.js'
import { trace } from '../../serving/index.js'
import { appendAnything } from '../support/append-anything.js'
import { project } from '../toy-project/index.js'
import { candidate, inputOf, moveAlias, openWorld, type World } from './support.js'

const FIRST = 'release/toy/first'
const SECOND = 'release/toy/second'

let world: World
let releaseId: string
let digest: string
beforeEach(async () => {
  world = await openWorld()
  const registered = await candidate(world, 0.2, FIRST)
  releaseId = registered.releaseId
  digest = registered.digest
})
afterEach(() => world?.stop())

/** What a run records: its trigger, its training, gates of its own, and looks of its own. */
async function begin(run: string, failed: string[]): Promise<void> {
  const { registry } = world
  const { manifest } = await registry.releases.get(releaseId)
  const append = (kind: 'trigger' | 'training_run' | 'evaluation', body: object) =>
    appendAnything(registry, { project: 'toy', kind, subject: run, key: `${run}:${kind}`, body })
  await append('trigger', inputOf(run))
  const { snapshot, model } = manifest
  await append('training_run', { snapshot, artifact: model.artifact, code: 'sha256:1', seed: 1 })
  const gate = (name: string) => ({ name, passed: false, value: 1, threshold: 1, detail: run })
  const report = { candidate: digest, gates: failed.map(gate) }
  const decision = failed.length === 0 ? 'canary_open' : `hold:${failed.join(',')}`
  await append('evaluation', { releaseId, production: world.baseline, decision, digest: digestOf(report), report })
}

const end = (run: string, verdict: string) =>
  appendAnything(world.registry, {
    project: 'toy',
    kind: 'verdict',
    subject: run,
    key: `${run}:verdict`,
    body: { verdict, reason: `reason of ${run}`, detail: '', releaseId },
  })

/** The look that promotes, and the move that cites it. */
async function promote(run: string): Promise<string> {
  const numbers = {
    asOf: '2026-01-01T00:00:00.000Z',
    mature: { challenger: 1, reference: 1 },
    interval: [0, 1],
    effect: 0,
  }
  const judgement = { action: 'promote', reason: `as ${run} found`, numbers }
  const body = { phase: 'canary', evidence: 'sha256:2', judgement }
  await appendAnything(world.registry, { project: 'toy', kind: 'judgement', subject: run, key: `${run}:look`, body })
  const evidence = digestOf(judgement)
  await world.registry.aliases.move({
    project: 'toy',
    alias: 'production',
    expected: world.baseline,
    to: releaseId,
    actor: run,
    reason: 'non_inferior',
    workflowId: run,
    evidence,
    key: `${run}:promote`,
  })
  return evidence
}

async function decide(decisionId: string, arm: 'production' | 'canary', workflowId: string): Promise<void> {
  const row = { decisionId, arm, workflowId, releaseId, entityHash: 'e', eventAt: 0, output: {}, action: 'warn' }
  await world.registry.evidence.recordDecisions('toy', [{ ...row, source: 'live', input: { x: 1, z: 0 } }])
}

async function follow(decisionId: string) {
  const needs = {
    registry: world.registry,
    artifacts: world.artifacts,
    projects: new Map([['toy', project]]),
    loadRelease: createReleaseLoader(world),
    workflowUrl: () => null,
  }
  const { links } = await trace(needs, decisionId)
  const link = (name: string) => links.find((one) => one.name === name)
  return {
    run: link('workflow_run')?.data.workflowId,
    gates: link('gates')?.says,
    judgement: link('judgement')?.status,
    cited: link('judgement')?.data.cited,
  }
}

it('held first, then promoted: a decision shows the gates and the look of the run that promoted', async () => {
  await begin(FIRST, ['cost_improves'])
  await end(FIRST, 'held')
  await begin(SECOND, [])
  await decide('of-the-canary', 'canary', SECOND)
  const cited = await promote(SECOND)
  await decide('of-production', 'production', '')
  for (const id of ['of-the-canary', 'of-production']) {
    expect(await follow(id)).toEqual({
      run: SECOND,
      gates: `0 of 0 gates passed against ${world.baseline}: canary_open`,
      judgement: 'intact',
      cited,
    })
  }
})

it('promoted, rolled back and promoted again: each decision belongs to the promotion in force when it was made', async () => {
  await begin(FIRST, [])
  const first = await promote(FIRST)
  await decide('early', 'production', '')
  await moveAlias(world.registry, {
    alias: 'production',
    expected: releaseId,
    to: world.baseline,
    workflowId: null,
    key: 'rollback:1',
  })
  await end(FIRST, 'promoted')
  await begin(SECOND, [])
  const second = await promote(SECOND)
  await decide('late', 'production', '')
  expect(await follow('early')).toMatchObject({ run: FIRST, cited: first, judgement: 'intact' })
  expect(await follow('late')).toMatchObject({ run: SECOND, cited: second, judgement: 'intact' })
})

it('a release id selects the newest run and names the earlier ones, for show and for the report', async () => {
  await begin(FIRST, ['cost_improves'])
  await end(FIRST, 'held')
  expect(await world.registry.runs.get(releaseId)).toMatchObject({ workflowId: FIRST })
  expect(await world.registry.runs.get(releaseId)).not.toHaveProperty('otherRuns')
  await begin(SECOND, [])
  await end(SECOND, 'promoted')
  expect(await world.registry.runs.get(releaseId)).toMatchObject({ workflowId: SECOND, otherRuns: [FIRST] })
  expect(await world.registry.runs.get(FIRST)).not.toHaveProperty('otherRuns')
  const { run, evaluations } = await gatherReport(world.registry, releaseId)
  expect([run.workflowId, evaluations.map(({ decision }) => decision)]).toEqual([SECOND, ['canary_open']])
})

it('an operator action by release id is refused while several runs of the release are open', async () => {
  await begin(FIRST, [])
  await begin(SECOND, [])
  const action = operatorActionOf('abort', { by: 'ana', reason: 'which one' })
  const withClient = () => Promise.reject(new Error('Temporal must not be asked'))
  const needs = { registry: world.registry, withClient, now: Date.now }
  await expect(operate(needs, releaseId, action)).rejects.toThrow(`several open runs; name one: ${FIRST}, ${SECOND}`)
})
