/** Invariants of a project's ledger at every instant, checked with the ledger alone. */
import { digestOf } from '../../../contracts/canonical.js'
import {
  isRollback,
  type LedgerEntry,
  type OperatorActionBody,
  ofKind,
  promotedBy,
} from '../../../contracts/ledger/index.js'
import { REQUIRED_GATES } from '../../../contracts/names.js'
import type { AliasMoveRecord } from '../../../registry/index.js'
import { openExposure } from './exposure-problems.js'

type Move = Omit<AliasMoveRecord, 'project' | 'at'>

export const movesIn = (entries: readonly LedgerEntry[]): Move[] =>
  entries.filter(ofKind('alias_move')).map(({ seq, key, body }) => ({ seq, key, ...body }))

/** Releases that were ever in production, and releases that ever had a canary. */
export function ledgerOf(entries: readonly LedgerEntry[]) {
  const ever = (alias: Move['alias']) =>
    new Set(movesIn(entries).flatMap((move) => (move.alias === alias && move.to !== null ? [move.to] : [])))
  return { everProduction: ever('production'), everCanary: ever('canary') }
}

/** @returns violated invariants in plain text */
export function ledgerProblems(entries: readonly LedgerEntry[]): string[] {
  const at = { production: null, canary: null } as Record<Move['alias'], string | null>
  const problems: string[] = []
  for (const move of movesIn(entries)) {
    const { alias, from, to, key } = move
    if (from !== at[alias]) problems.push(`${key} moves ${alias} from ${from}, which was at ${at[alias]}`)
    const before = entries.filter(({ seq }) => seq < move.seq)
    const wrong = alias === 'canary' ? canaryMoved(before, move, at) : productionMoved(before, move)
    if (wrong) problems.push(`${key} moved ${alias} to ${to}: ${wrong}`)
    at[alias] = to
  }
  return problems
}

function canaryMoved(before: readonly LedgerEntry[], move: Move, at: Record<Move['alias'], string | null>) {
  const open = openExposure(before)
  if (move.to === null) return open && open !== move.workflowId ? `it is the canary of ${open}` : undefined
  if (open !== null) return `a second canary besides the one of ${open}`
  return gatesFailed(before, move, move.to, at.production, move.evidence)
}

function productionMoved(before: readonly LedgerEntry[], move: Move): string | undefined {
  const { workflowId, key, to, from, actor, reason } = move
  if (!actor || !reason) return 'it has no actor or no reason'
  if (from === null) return key.startsWith('init/') ? undefined : 'the first production is not the baseline'
  if (workflowId !== null && promotedBy(move) === workflowId) return promoted(before, move)
  if (key === `${workflowId}:revert`) return reverted(before, move)
  // A rollback to a release that was in production before. Whether it was requested is checked with the model.
  if (!isRollback({ key })) return 'no recorded cause'
  return movesIn(before).some((earlier) => earlier.alias === 'production' && earlier.to === to)
    ? undefined
    : 'it was never in production'
}

function promoted(before: readonly LedgerEntry[], move: Move): string | undefined {
  const { workflowId, from, to, evidence, reason, actor } = move
  const own = before.filter(({ subject }) => subject === workflowId)
  if (openExposure(before) !== workflowId) return 'its canary is not open'
  const failed = gatesFailed(before, move, to, from)
  if (failed) return failed
  const looks = own.filter(ofKind('judgement')).filter(({ body }) => body.phase === 'canary')
  const opened = openingOf(before, workflowId)
  const look = looks.findLast(({ seq, body }) => seq > opened && digestOf(body.judgement) === evidence)
  if (!look) return `there is no judgement ${evidence}`
  if (breached(own, look)) return 'a breach that rolls back came before it'
  const { action } = look.body.judgement
  const actions = own.filter(ofKind('operator_action')).filter(({ body }) => body.accepted)
  if (actions.some(({ body }) => body.action === 'abort' || isSuperseding(body))) return 'it was aborted before'
  const pauses = own
    .filter((entry) => isPause(entry) || actions.some(({ seq }) => seq === entry.seq))
    .filter(isAboutPausing)
  const last = pauses.at(-1)
  if (last && isPause(last)) return 'it is paused'
  const input = own.find(ofKind('trigger'))?.body
  const another = input?.policy.promotionApproval === 'other_person'
  if (another && actor === input?.trigger.by) return `${actor} started it, and promoted it`
  if (!reason.startsWith('override:')) {
    if (action !== 'promote') return `the judgement is ${action}`
    const approval = own.filter(ofKind('approval')).findLast(({ seq }) => seq > opened)
    const given = approval?.body.state === 'given' && approval.body.by === actor
    return another && !given ? `${actor} did not approve it` : undefined
  }
  if (action === 'rollback') return 'the judgement is rollback'
  if (input?.policy.manualPromote !== 'shorten_window') return 'the policy forbids it'
  const requested = actions.some(({ seq, body }) => seq > opened && body.action === 'promote' && body.by === actor)
  return requested ? undefined : `${actor} did not request it`
}

/** Sequence number of the entry that opened the run's canary last. */
const openingOf = (before: readonly LedgerEntry[], workflowId: string | null): number =>
  movesIn(before).findLast((move) => move.workflowId === workflowId && move.alias === 'canary' && move.to !== null)
    ?.seq ?? 0

/** Whether a rollback breach of this exposure, up to the instant of the look, was recorded before the move. */
const breached = (own: readonly LedgerEntry[], { body }: LedgerEntry<'judgement'>): boolean =>
  own
    .filter(ofKind('breach'))
    .some(
      (entry) =>
        entry.body.power === 'rollback' &&
        entry.body.arm === 'canary' &&
        entry.body.at >= body.opened &&
        entry.body.at <= body.judgement.numbers.asOf,
    )

/** In probation superseding only ends the probation early, and the promotion stays. */
const isSuperseding = ({ action, message }: OperatorActionBody): boolean =>
  action === 'supersede' && message.startsWith('aborting')

const isPause = ({ kind, body }: LedgerEntry): boolean =>
  (kind === 'operator_action' && body.action === 'pause' && body.accepted) ||
  (kind === 'judgement' && body.phase === 'canary' && body.judgement.action === 'pause')

const isAboutPausing = (entry: LedgerEntry): boolean =>
  isPause(entry) ||
  (entry.kind === 'operator_action' && (entry.body.action === 'resume' || entry.body.action === 'promote'))

function reverted(
  before: readonly LedgerEntry[],
  { workflowId, from, to, evidence, reason }: Move,
): string | undefined {
  const moves = movesIn(before)
  const promotion = moves.findLast((move) => promotedBy(move) === workflowId)
  if (promotion?.to !== from || promotion.from !== to) return 'it does not undo its promotion'
  const own = before.filter(({ subject }) => subject === workflowId)
  const harm = own.some(
    ({ kind, body }) =>
      kind === 'judgement' &&
      body.phase === 'probation' &&
      digestOf(body.judgement) === evidence &&
      body.judgement.action === 'rollback',
  )
  const aborted = own.some(({ kind, body }) => kind === 'operator_action' && body.action === 'abort' && body.accepted)
  // Whether the run was cancelled is checked with the model.
  const cancelled = reason === 'revert:cancelled'
  return harm || cancelled || (aborted && reason === 'revert:operator_abort')
    ? undefined
    : `neither harm nor an abort: ${reason}`
}

/** Recomputed from the results of the gates and not from the decision based on them. */
function gatesFailed(
  before: readonly LedgerEntry[],
  { workflowId }: Move,
  candidate: string | null,
  production: string | null,
  digest?: string | null,
): string | undefined {
  const evaluation = before.filter(ofKind('evaluation')).findLast(({ subject }) => subject === workflowId)
  if (!evaluation) return 'there is no evaluation'
  const { releaseId, production: against, report } = evaluation.body
  if (releaseId !== candidate) return `the gates are those of ${releaseId}`
  if (against !== production) return `the gates compared it with ${against}, production is ${production}`
  if (digest !== undefined && digest !== digestOf(report)) return `it cites another evaluation: ${digest}`
  const passed = new Set(report.gates.filter((gate) => gate.passed).map(({ name }) => name))
  const failed = [...REQUIRED_GATES, ...report.gates.map(({ name }) => name)].filter((name) => !passed.has(name))
  return failed.length > 0 ? `gates failed: ${[...new Set(failed)].join(', ')}` : undefined
}
