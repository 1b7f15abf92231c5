/** What must hold of a project's chain at every instant, read from nothing but the chain. */
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
import { openExposure } from './exposures.js'

type Move = Omit<AliasMoveRecord, 'project' | 'at'>

export const movesIn = (chain: readonly LedgerEntry[]): Move[] =>
  chain.filter(ofKind('alias_move')).map(({ seq, key, body }) => ({ seq, key, ...body }))

/** Which releases ever were production, and which ever had a canary's share. */
export function ledgerOf(chain: readonly LedgerEntry[]) {
  const ever = (alias: Move['alias']) =>
    new Set(movesIn(chain).flatMap((move) => (move.alias === alias && move.to !== null ? [move.to] : [])))
  return { everProduction: ever('production'), everCanary: ever('canary') }
}

/** @returns what is wrong, in plain words; nothing when all holds */
export function ledgerProblems(chain: readonly LedgerEntry[]): string[] {
  const at = { production: null, canary: null } as Record<Move['alias'], string | null>
  const problems: string[] = []
  for (const move of movesIn(chain)) {
    const { alias, from, to, key } = move
    if (from !== at[alias]) problems.push(`${key} moves ${alias} from ${from}, which was at ${at[alias]}`)
    const before = chain.filter(({ seq }) => seq < move.seq)
    const wrong = alias === 'canary' ? canaryMoved(before, move, at) : productionMoved(before, move)
    if (wrong) problems.push(`${key} moved ${alias} to ${to}: ${wrong}`)
    at[alias] = to
  }
  return problems
}

function canaryMoved(before: readonly LedgerEntry[], move: Move, at: Record<Move['alias'], string | null>) {
  const open = openExposure(before)
  if (move.to === null) return open && open !== move.workflowId ? `it is the canary of ${open}` : undefined
  if (open !== null) return `a second canary, beside the one of ${open}`
  return gatesFailed(before, move, move.to, at.production, move.evidence)
}

function productionMoved(before: readonly LedgerEntry[], move: Move): string | undefined {
  const { workflowId, key, to, from, actor, reason } = move
  if (!actor || !reason) return 'nobody, or no reason'
  if (from === null) return key.startsWith('init/') ? undefined : 'the first production is not the baseline'
  if (workflowId !== null && promotedBy(move) === workflowId) return promoted(before, move)
  if (key === `${workflowId}:revert`) return reverted(before, move)
  // By hand, of a complete tuple that was production before. That it was asked for is checked where it is known.
  if (!isRollback({ key })) return 'no recorded cause'
  return movesIn(before).some((earlier) => earlier.alias === 'production' && earlier.to === to)
    ? undefined
    : 'it never was production'
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
  if (breached(own, look)) return 'a breach that rolls back came before the judgement'
  const { action } = look.body.judgement
  const words = own.filter(ofKind('operator_action')).filter(({ body }) => body.accepted)
  if (words.some(({ body }) => body.action === 'abort' || isSuperseding(body))) return 'it was aborted before'
  const halts = own
    .filter((entry) => isHalt(entry) || words.some(({ seq }) => seq === entry.seq))
    .filter(isAboutHalting)
  const last = halts.at(-1)
  if (last && isHalt(last)) return 'it is paused'
  const input = own.find(ofKind('trigger'))?.body
  const another = input?.policy.promotionApproval === 'other_person'
  if (another && actor === input?.trigger.by) return `${actor} started it, and promoted it`
  if (!reason.startsWith('override:')) {
    if (action !== 'promote') return `the judgement says ${action}`
    const approval = own.filter(ofKind('approval')).findLast(({ seq }) => seq > opened)
    const given = approval?.body.state === 'given' && approval.body.by === actor
    return another && !given ? `${actor} did not approve it` : undefined
  }
  if (action === 'rollback') return 'the judgement says rollback'
  if (input?.policy.manualPromote !== 'shorten_window') return 'the policy forbids it'
  const asked = words.some(({ seq, body }) => seq > opened && body.action === 'promote' && body.by === actor)
  return asked ? undefined : `${actor} did not ask for it`
}

/** Where in the chain a run's canary was opened last. */
const openingOf = (before: readonly LedgerEntry[], workflowId: string | null): number =>
  movesIn(before).findLast((move) => move.workflowId === workflowId && move.alias === 'canary' && move.to !== null)
    ?.seq ?? 0

/** Stored by the time of a look, and of the exposure that it is about. */
const breached = (own: readonly LedgerEntry[], { seq, body }: LedgerEntry<'judgement'>): boolean =>
  own
    .filter(ofKind('breach'))
    .some(
      (entry) =>
        entry.seq < seq &&
        entry.body.power === 'rollback' &&
        entry.body.arm === 'canary' &&
        entry.body.at >= body.opened &&
        entry.body.at <= body.judgement.numbers.asOf,
    )

/** In probation it ends that early, and the promotion stays. */
const isSuperseding = ({ action, message }: OperatorActionBody): boolean =>
  action === 'supersede' && message.startsWith('aborting')

const isHalt = ({ kind, body }: LedgerEntry): boolean =>
  (kind === 'operator_action' && body.action === 'pause' && body.accepted) ||
  (kind === 'judgement' && body.phase === 'canary' && body.judgement.action === 'pause')

const isAboutHalting = (entry: LedgerEntry): boolean =>
  isHalt(entry) ||
  (entry.kind === 'operator_action' && (entry.body.action === 'resume' || entry.body.action === 'promote'))

function reverted(
  before: readonly LedgerEntry[],
  { workflowId, from, to, evidence, reason }: Move,
): string | undefined {
  const moves = movesIn(before)
  const promotion = moves.findLast((move) => promotedBy(move) === workflowId)
  if (promotion?.to !== from || promotion.from !== to) return 'it does not undo what it promoted'
  const own = before.filter(({ subject }) => subject === workflowId)
  const harm = own.some(
    ({ kind, body }) =>
      kind === 'judgement' &&
      body.phase === 'probation' &&
      digestOf(body.judgement) === evidence &&
      body.judgement.action === 'rollback',
  )
  const asked = own.some(({ kind, body }) => kind === 'operator_action' && body.action === 'abort' && body.accepted)
  // That somebody cancelled it is checked where it is known.
  const cancelled = reason === 'revert:cancelled'
  return harm || cancelled || (asked && reason === 'revert:operator_abort')
    ? undefined
    : `neither harm nor an abort: ${reason}`
}

/** Recomputed from the gates' own results, not from the decision that was drawn from them. */
function gatesFailed(
  before: readonly LedgerEntry[],
  { workflowId }: Move,
  candidate: string | null,
  production: string | null,
  digest?: string | null,
): string | undefined {
  const evaluation = before.filter(ofKind('evaluation')).findLast(({ subject }) => subject === workflowId)
  if (!evaluation) return 'no gate was asked'
  const { releaseId, production: against, report } = evaluation.body
  if (releaseId !== candidate) return `the gates are those of ${releaseId}`
  if (against !== production) return `the gates compared it with ${against}, production is ${production}`
  if (digest !== undefined && digest !== digestOf(report)) return `it rests on another evaluation: ${digest}`
  const passed = new Set(report.gates.filter((gate) => gate.passed).map(({ name }) => name))
  const failed = [...REQUIRED_GATES, ...report.gates.map(({ name }) => name)].filter((name) => !passed.has(name))
  return failed.length > 0 ? `gates failed: ${[...new Set(failed)].join(', ')}` : undefined
}
