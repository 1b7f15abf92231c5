import type { EntryKind } from '../../contracts/ledger/index.js'
import type { Stage, VerdictName } from '../../contracts/names.js'
import type { ReleaseRunSummary } from '../releases/releases-area.js'

/** The newest entry of one kind in one run, without the large parts of its body. */
export interface Milestone {
  readonly project: string
  readonly workflowId: string
  readonly kind: EntryKind
  readonly subject: string
  readonly seq: number
  readonly at: string
  readonly releaseId: string | null
  readonly phase: string | null
  readonly verdict: string | null
  readonly reason: string | null
}

/** The stage of a run whose newest entry has this kind. */
const NEXT_STAGE: Record<EntryKind, Stage | null> = {
  trigger: 'validating',
  snapshot: 'training',
  training_run: 'training',
  release: 'evaluating',
  evaluation: 'awaiting_canary',
  decision_offline: 'awaiting_canary',
  lane: 'awaiting_canary',
  clock: 'canary',
  canary_step: 'canary',
  judgement: 'canary',
  alias_move: 'canary',
  verdict: 'done',
  operator_action: null,
  breach: null,
  approval: null,
  label_correction: null,
  schedule: null,
  condition: null,
  day_closed: null,
  dropped: null,
}

/** @param milestones of one run, in any order */
export function summarise(milestones: readonly Milestone[]): ReleaseRunSummary {
  const ordered = [...milestones].sort((a, b) => a.seq - b.seq)
  const [first] = ordered
  if (!first) throw new RangeError('a run has at least one entry')
  const verdict = ordered.find(({ kind }) => kind === 'verdict')
  return {
    project: first.project,
    workflowId: first.workflowId,
    // When another run registered the release before, only the evaluation names it.
    releaseId: ordered.findLast(({ releaseId }) => releaseId !== null)?.releaseId ?? null,
    startedAt: first.at,
    stage: verdict ? 'done' : stageOf(ordered),
    verdict: (verdict?.verdict ?? null) as VerdictName | null,
    reason: verdict?.reason ?? null,
  }
}

function stageOf(ordered: readonly Milestone[]): Stage {
  const newest = ordered.findLast(({ kind }) => NEXT_STAGE[kind] !== null)
  if (!newest) return 'validating'
  if (newest.phase === 'probation' || (newest.kind === 'alias_move' && newest.subject === 'production'))
    return 'probation'
  return NEXT_STAGE[newest.kind] ?? 'validating'
}
