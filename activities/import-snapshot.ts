import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Context } from '@temporalio/activity'
import type { RunRef, SnapshotRef } from '../contracts/activities.js'
import { digestOf } from '../contracts/canonical.js'
import { requirePastCutoff } from '../contracts/instants.js'
import { snapshotKey } from '../contracts/ledger/index.js'
import { snapshotManifest } from '../contracts/schemas/index.js'
import { requireProject } from '../projects/load.js'
import { createSources } from '../releases/sources/open-sources.js'
import { workInThisThread } from './computing/project-work.js'
import type { Dependencies } from './dependencies.js'
import { withHeartbeat, withHeartbeatUntilCancelled } from './heartbeat.js'
import { type RetryBudget, withinBudget } from './retry-budget.js'

type ImportRun = RunRef & { source?: string; cutoff: string }

export function createImportSnapshot(deps: Dependencies, sources = createSources(deps)) {
  const { registry, artifacts, projects, workFolder, now, projectWork: work = workInThisThread } = deps
  return (run: ImportRun) => withinBudget((budget) => withHeartbeat(budget, () => importAsOf(run, budget)))

  async function importAsOf(run: ImportRun, budget: RetryBudget): Promise<SnapshotRef> {
    const project = requireProject(projects, run.project)
    const cutoff = Date.parse(run.cutoff)
    requirePastCutoff(run.cutoff, now(), { failure: 'BadData' })
    const outFolder = await mkdtemp(join(workFolder, 'snapshot-'))
    try {
      const source = run.source === undefined ? {} : { source: await sources.pathOf(run.source) }
      const request = { cutoff, outFolder, ...source }
      const draft = await withHeartbeatUntilCancelled(budget, () =>
        work.importSnapshot(project, request, Context.current().cancellationSignal).catch((error: unknown) => {
          throw budget.chargeSource(error)
        }),
      )
      const data = await artifacts.putFile(draft.dataFile)
      const manifest = snapshotManifest.parse({
        schema: 'slipway.snapshot/1',
        project: run.project,
        ...draft.manifest,
        data,
      })
      const digest = digestOf(manifest)
      await registry.ledger.append({
        project: run.project,
        kind: 'snapshot',
        subject: run.workflowId,
        key: snapshotKey(run.workflowId),
        body: { digest, manifest },
      })
      const rejectedRows = manifest.rejected.reduce((sum, { rows }) => sum + rows, 0)
      return { digest, rows: manifest.rows, rejectedRows }
    } finally {
      await rm(outFolder, { recursive: true, force: true })
    }
  }
}
