import { ofKind } from '../../contracts/ledger/index.js'
import type { Registry } from '../../registry/index.js'
import { type Attention, attentionOf } from '../../releases/attention.js'
import { type ExposureNow, exposureNow } from '../../releases/exposure/exposure-now.js'
import { gatherReport, type ReportData } from '../report/report-data.js'
import type { TemporalSeen } from '../temporal-seen.js'

export interface ReleaseData extends ReportData {
  readonly exposure: ExposureNow | null
  readonly needs: Attention | undefined
  readonly temporal: TemporalSeen
  readonly workflowUrl: string | null
  /** Wall time in epoch ms. */
  readonly now: number
}

type More = Pick<ReleaseData, 'project' | 'temporal' | 'workflowUrl' | 'now'>

/** @throws SlipwayError BadRequest when there is no such run */
export async function gatherRelease(registry: Registry, workflowId: string, more: More): Promise<ReleaseData> {
  const report = await gatherReport(registry, workflowId)
  const { run } = report
  // Ended between the two questions, it needs no person.
  const open =
    run.verdict === null
      ? (await registry.runs.open(run.project)).find((one) => one.workflowId === workflowId)
      : undefined
  const steps = run.entries.filter(ofKind('canary_step'))
  const clocks = run.entries.filter(ofKind('clock'))
  return {
    ...report,
    ...more,
    production: report.production ?? (await presentProduction(registry, run.project)),
    exposure: open ? exposureNow(open, [...steps, ...clocks], more.now) : null,
    needs:
      open && (more.temporal.attention.find((one) => one.workflowId === workflowId) ?? attentionOf(open, more.now)),
  }
}

/** Before its evaluation a candidate will be compared with what is in production. */
async function presentProduction(registry: Registry, project: string): Promise<ReportData['production']> {
  const { production } = await registry.aliases.current(project)
  return production === null ? null : registry.releases.get(production)
}
