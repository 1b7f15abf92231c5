/** The data of a report, read from the registry. */
import { bodiesOf, type EvaluationBody, type RecordedLook } from '../../contracts/ledger/index.js'
import type { Registry, ReleaseRecord, ReleaseRunRecord } from '../../registry/index.js'
import { policyWarnings } from '../../releases/policy-warnings.js'

export interface ReportData {
  readonly run: ReleaseRunRecord
  /** Null when the run ended before it had a candidate. */
  readonly candidate: ReleaseRecord | null
  readonly production: ReleaseRecord | null
  /** The last one counts: production may have changed while the candidate waited. */
  readonly evaluations: readonly EvaluationBody[]
  readonly looks: readonly RecordedLook[]
  /** What should change in the policy that the run is judged by. */
  readonly warnings: readonly string[]
  /** Texts for people; null when the project is not loaded. */
  readonly project: { readonly title: string; readonly lossUnit: string } | null
}

/** Breaches and refused actions: a flood of them must not make a page slow. */
export const UNBOUNDED_SHOWN = 200

/** @throws SlipwayError BadRequest when there is no such release or run */
export async function gatherReport(registry: Registry, id: string): Promise<Omit<ReportData, 'project'>> {
  const run = await registry.runs.get(id, { newest: UNBOUNDED_SHOWN })
  const evaluations = bodiesOf(run.entries, 'evaluation')
  const releaseOf = (releaseId: string | null | undefined) => (releaseId ? registry.releases.get(releaseId) : null)
  return {
    run,
    candidate: await releaseOf(run.releaseId),
    production: await releaseOf(evaluations.at(-1)?.production),
    evaluations,
    looks: bodiesOf(run.entries, 'judgement'),
    warnings: bodiesOf(run.entries, 'trigger').flatMap(({ policy }) => policyWarnings(policy)),
  }
}
