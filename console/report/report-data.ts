/** The data of a report, read from the registry. */
import type { EvaluationReport, Judgement } from '../../contracts/types.js'
import type { LedgerEntry, Registry, ReleaseRecord, ReleaseRunRecord } from '../../registry/index.js'

export interface EvaluationEntry {
  readonly releaseId: string
  /** The production it was compared with. */
  readonly production: string
  /** `canary_open` or `hold:…`. */
  readonly decision: string
  readonly report: EvaluationReport
}

export interface LookEntry {
  readonly phase: string
  readonly judgement: Judgement
}

export interface ReportData {
  readonly run: ReleaseRunRecord
  /** Null when the run ended before it had a candidate. */
  readonly candidate: ReleaseRecord | null
  readonly production: ReleaseRecord | null
  /** The last one counts: production may have changed while the candidate waited. */
  readonly evaluations: readonly EvaluationEntry[]
  readonly looks: readonly LookEntry[]
  /** Texts for people; null when the project is not loaded. */
  readonly project: { readonly title: string; readonly lossUnit: string } | null
}

/** @throws SlipwayError BadRequest when there is no such release or run */
export async function gatherReport(registry: Registry, id: string): Promise<Omit<ReportData, 'project'>> {
  const run = await registry.runs.get(id)
  const evaluations = bodiesOf<EvaluationEntry>(run.entries, 'evaluation')
  const releaseOf = (releaseId: string | null | undefined) => (releaseId ? registry.releases.get(releaseId) : null)
  return {
    run,
    candidate: await releaseOf(run.releaseId),
    production: await releaseOf(evaluations.at(-1)?.production),
    evaluations,
    looks: bodiesOf<LookEntry>(run.entries, 'judgement'),
  }
}

export const bodiesOf = <Body>(entries: readonly LedgerEntry[], kind: LedgerEntry['kind']): Body[] =>
  entries.filter((entry) => entry.kind === kind).map(({ body }) => body as unknown as Body)
