/** What an operator action on a release depends on, read before its consequence is shown. */
import { bodiesOf, promotedBy } from '../../contracts/ledger/index.js'
import type { OpenRun, Registry, ReleaseRunSummary } from '../../registry/index.js'
import { type ExposureNow, exposureNow } from '../../releases/exposure/exposure-now.js'
import type { TemporalSeen } from '../temporal-seen.js'

export interface ActionFacts {
  readonly run: ReleaseRunSummary
  /** Undefined for a run that has ended. */
  readonly open: OpenRun | undefined
  readonly exposure: ExposureNow | null
  readonly production: string | null
  /** What an abort in probation restores; null while the run has promoted nothing. */
  readonly replaced: string | null
  /** Temporal has closed or lost its workflow, and it has no verdict: why, and whether it can be resumed. */
  readonly closed: { readonly text: string; readonly resumable: boolean } | null
  /** Extensions that an operator has made. */
  readonly extensions: number
}

/** @throws UnknownRun */
export async function gatherActionFacts(
  registry: Registry,
  workflowId: string,
  seen: Pick<More, 'temporal' | 'now'>,
): Promise<ActionFacts> {
  const kinds = ['trigger', 'canary_step', 'clock', 'operator_action', 'alias_move'] as const
  const run = await registry.runs.get(workflowId, { kinds, newest: 0 })
  const [open, { production }] = await Promise.all([
    run.verdict === null ? registry.runs.open(run.project) : [],
    registry.aliases.current(run.project),
  ])
  return actionFacts(run, { open: open.find((one) => one.workflowId === workflowId), production, ...seen })
}

type Entries = Awaited<ReturnType<Registry['runs']['get']>>['entries']

interface More {
  readonly open: OpenRun | undefined
  readonly production: string | null
  readonly temporal: TemporalSeen
  /** Wall time in epoch ms. */
  readonly now: number
}

export function actionFacts(run: ReleaseRunSummary & { readonly entries: Entries }, more: More): ActionFacts {
  const { open, production, temporal, now } = more
  const exposing = run.entries.filter((entry) => entry.kind === 'canary_step' || entry.kind === 'clock')
  const promotion = run.entries.filter((entry) => entry.kind === 'alias_move').findLast((move) => promotedBy(move))
  const actions = bodiesOf(run.entries, 'operator_action')
  return {
    run,
    open,
    production,
    exposure: open ? exposureNow(open, exposing, now) : null,
    closed: closedIn(temporal, run.workflowId),
    replaced: promotion?.body.from ?? null,
    extensions: actions.filter(({ action, accepted }) => action === 'extend' && accepted).length,
  }
}

function closedIn({ attention }: TemporalSeen, workflowId: string): ActionFacts['closed'] {
  const seen = attention.find((one) => one.why === 'terminated' && one.workflowId === workflowId)
  return seen ? { text: seen.text, resumable: seen.resumable === true } : null
}
