import { wallAt } from '../../contracts/clock.js'
import { durationMs } from '../../contracts/duration.js'
import { bodiesOf, keysOfAction, type LedgerEntry, ofKind } from '../../contracts/ledger/index.js'
import { OPERATOR_ACTIONS } from '../../contracts/names.js'
import type { OpenRun, Registry } from '../../registry/index.js'
import { type Attention, attentionOf } from '../../releases/attention.js'
import type { ExposureNow } from '../../releases/exposure/exposure-now.js'
import { type ActionFacts, actionFacts } from '../actions/action-facts.js'
import { gatherReport, type ReportData } from '../report/report-data.js'
import type { TemporalSeen } from '../temporal-seen.js'

export interface ReleaseData extends ReportData {
  readonly exposure: ExposureNow | null
  readonly needs: Attention | undefined
  /** ISO wall time at which an undecided phase ends, as known by the newest look and the extensions since. */
  readonly deadline: string | null
  readonly temporal: TemporalSeen
  readonly workflowUrl: string | null
  readonly actions: ActionFacts
  /** The action that the page shows the outcome of. */
  readonly did: string | null
  /** The entries of that action. */
  readonly didEntries: readonly LedgerEntry[]
  /** Wall time in epoch ms. */
  readonly now: number
}

type More = Pick<ReleaseData, 'project' | 'temporal' | 'workflowUrl' | 'did' | 'now'>

/** @throws SlipwayError BadRequest when there is no such run */
export async function gatherRelease(registry: Registry, workflowId: string, more: More): Promise<ReleaseData> {
  const report = await gatherReport(registry, workflowId)
  const { run } = report
  // Ended between the two questions, it needs no person.
  const open =
    run.verdict === null
      ? (await registry.runs.open(run.project)).find((one) => one.workflowId === workflowId)
      : undefined
  const { production } = await registry.aliases.current(run.project)
  const actions = actionFacts(run, { open, production, ...more })
  return {
    ...report,
    ...more,
    // Before its evaluation a candidate will be compared with what is in production.
    production: report.production ?? (production === null ? null : await registry.releases.get(production)),
    actions,
    // Not among the entries above when more than the page shows came after it.
    didEntries:
      more.did === null
        ? []
        : await registry.ledger.actionsWithKeys(run.project, keysOfAction(workflowId, more.did, OPERATOR_ACTIONS)),
    exposure: actions.exposure,
    deadline: open ? deadlineOf(run.entries, open) : null,
    needs:
      open && (more.temporal.attention.find((one) => one.workflowId === workflowId) ?? attentionOf(open, more.now)),
  }
}

function deadlineOf(entries: readonly LedgerEntry[], { stage, input }: OpenRun): string | null {
  const newest = entries.filter(ofKind('judgement')).at(-1)
  // A probation that ends undecided keeps the promotion.
  if (stage !== 'canary' || !newest || newest.body.phase === 'probation') return null
  const since = bodiesOf(
    entries.filter(({ seq }) => seq > newest.seq),
    'operator_action',
  ).filter(({ action, accepted }) => action === 'extend' && accepted)
  const clock = bodiesOf(entries, 'clock').at(-1) ?? input.clock
  const end = Date.parse(newest.body.deadline) + since.length * durationMs(input.policy.extendBy)
  return new Date(wallAt(clock, end)).toISOString()
}
