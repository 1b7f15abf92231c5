import { Context } from '@temporalio/activity'
import type { OfflineResult, RunRef } from '../contracts/activities.js'
import { digestOf } from '../contracts/canonical.js'
import { SlipwayError } from '../contracts/failure.js'
import { evaluationKey } from '../contracts/ledger/index.js'
import { evaluationReport } from '../contracts/schemas/index.js'
import type { EvaluationReport } from '../contracts/types.js'
import { promotionBoundary } from '../judge/index.js'
import { requireProject } from '../projects/load.js'
import { backdatedGate } from '../releases/backdated.js'
import type { ReleaseLoader } from '../releases/load-release.js'
import { workInThisThread } from './computing/project-work.js'
import type { Dependencies } from './dependencies.js'
import { withHeartbeat, withHeartbeatUntilCancelled } from './heartbeat.js'
import { type RetryBudget, withinBudget } from './retry-budget.js'

export function createEvaluateCandidate(deps: Dependencies, loadRelease: ReleaseLoader) {
  const { registry, artifacts, projects, projectWork: work = workInThisThread } = deps
  return (run: RunRef & { candidate: string; attempt: number }) =>
    withinBudget((budget) => withHeartbeat(budget, () => evaluate(run, budget)))

  async function evaluate(
    run: RunRef & { candidate: string; attempt: number },
    budget: RetryBudget,
  ): Promise<OfflineResult> {
    const project = requireProject(projects, run.project)
    const aliases = await registry.aliases.current(run.project)
    if (aliases.production === null) {
      const message = `project ${run.project} has no production release to compare with`
      throw new SlipwayError('BadRequest', `${message}; run: slipway project init ${run.project}`)
    }
    const candidate = await loadRelease(project, run.candidate)
    const production = await loadRelease(project, aliases.production)
    const snapshotDigest = candidate.manifest.snapshot
    const snapshot = await registry.releases.snapshot(snapshotDigest)
    const dataFile = await artifacts.path(snapshot.data)
    const { gates, promotionPolicy } = candidate.manifest
    const { offline } = promotionPolicy
    const request = {
      snapshot,
      snapshotDigest,
      dataFile,
      candidate: candidate.loaded,
      production: production.loaded,
      gates,
      ...(offline ? { offline } : {}),
    }
    const { cancellationSignal } = Context.current()
    const evaluating = () => work.evaluate(project, request, cancellationSignal)
    const found = await withHeartbeatUntilCancelled(budget, evaluating)
    const learned = await registry.releases.snapshot(production.manifest.snapshot)
    const backdated = backdatedGate(snapshot, learned, promotionPolicy)
    const report = evaluationReport.parse(backdated ? { ...found, gates: [...found.gates, backdated] } : found)

    const results = Object.fromEntries(report.gates.map(({ name, passed }) => [name, passed]))
    const { decision } = promotionBoundary({ aliases, candidate: run.candidate, gates: results })
    const evaluation = digestOf(report)
    await registry.ledger.append({
      project: run.project,
      kind: 'evaluation',
      subject: run.workflowId,
      key: evaluationKey(run.workflowId, run.attempt),
      body: { releaseId: run.candidate, production: aliases.production, decision, digest: evaluation, report },
    })
    return { decision, production: aliases.production, evaluation, summary: summarise(report, decision) }
  }
}

/** One sentence for people: the failed gates with their numbers, or that all passed. */
function summarise(report: EvaluationReport, decision: string): string {
  if (decision === 'canary_open') return `All ${report.gates.length} gates passed.`
  const reported = new Map(report.gates.map((gate) => [gate.name, gate]))
  const failed = decision.slice('hold:'.length).split(',')
  return failed.map((name) => `${name}: ${reported.get(name)?.detail ?? 'the gate is missing'}`).join('; ')
}
