/** All a report shows, read from the registry. */
import { bodiesOf, type EvaluationBody, type RecordedLook } from '../../contracts/ledger/index.js'
import type { Registry, ReleaseRecord, ReleaseRunRecord } from '../../registry/index.js'

export interface ReportData {
  readonly run: ReleaseRunRecord
  /** Null where the release ended before there was a candidate. */
  readonly candidate: ReleaseRecord | null
  readonly production: ReleaseRecord | null
  /** The last one is the one that counts: production may have changed while the candidate waited. */
  readonly evaluations: readonly EvaluationBody[]
  readonly looks: readonly RecordedLook[]
  /** In words; null where the project is not known here. */
  readonly project: { readonly title: string; readonly lossUnit: string } | null
}

/** @throws SlipwayError BadRequest when there is no such release or run */
export async function gatherReport(registry: Registry, id: string): Promise<Omit<ReportData, 'project'>> {
  const run = await registry.runs.get(id)
  const evaluations = bodiesOf(run.entries, 'evaluation')
  const releaseOf = (releaseId: string | null | undefined) => (releaseId ? registry.releases.get(releaseId) : null)
  return {
    run,
    candidate: await releaseOf(run.releaseId),
    production: await releaseOf(evaluations.at(-1)?.production),
    evaluations,
    looks: bodiesOf(run.entries, 'judgement'),
  }
}
