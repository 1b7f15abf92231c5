/** Invariants of each run's entries: first a trigger, at most one verdict, and moves that match it. */
import { isRollback, type LedgerEntry, ofKind, promotedBy, runOf } from '../../../contracts/ledger/index.js'
import { type Model, NEVER_EXPOSED, type RunModel } from '../sequence-model.js'
import { movesIn } from './ledger-problems.js'

export function runProblems(model: Model, entries: readonly LedgerEntry[]): string[] {
  return model.runs.flatMap((run) => problemsOf(run, model, entries).map((what) => `${run.workflowId}: ${what}`))
}

function problemsOf(run: RunModel, model: Model, entries: readonly LedgerEntry[]): string[] {
  const { workflowId, candidate } = run
  const own = entries.filter((entry) => entry.subject === workflowId || runOf(entry) === workflowId)
  const moves = movesIn(own)
  const opened = moves.some(({ alias, to }) => alias === 'canary' && to !== null)
  const verdicts = own.filter(ofKind('verdict'))
  const problems: string[] = []
  const must = (holds: boolean, what: string) => {
    if (!holds) problems.push(what)
  }
  must(own.length === 0 || own[0]?.kind === 'trigger', `begins with a ${own[0]?.kind}`)
  must(verdicts.length <= 1, `${verdicts.length} verdicts`)
  const never = NEVER_EXPOSED[candidate]
  must(!(never && opened), `a candidate that is ${candidate} was exposed`)
  const [verdict] = verdicts
  if (!verdict) return problems
  const name = verdict.body.verdict
  const ending = `${name}: ${verdict.body.reason}`
  const promoted = moves.some((move) => promotedBy(move) === workflowId)
  must(
    promoted === (name === 'promoted' || name === 'reverted'),
    `${ending}, production ${promoted ? '' : 'not '}moved`,
  )
  if (name === 'rolled_back') must(opened, `${ending}, never exposed`)
  if (never) must(name === 'aborted' || ending === never, `a candidate that is ${candidate} ended as ${ending}`)
  if (candidate === 'certain' && !run.live) must(name !== 'promoted', `a breach in every window ended as ${ending}`)
  const aborted = model.actions.some(
    (one) => one.workflowId === workflowId && one.action === 'abort' && one.answer?.accepted,
  )
  const recorded = own.some(({ kind, body }) => kind === 'operator_action' && body.action === 'abort' && body.accepted)
  if (aborted || recorded) must(name === 'aborted' || name === 'reverted', `an abort was accepted, yet ${ending}`)
  const superseded = own.some(({ kind, body }) => kind === 'operator_action' && body.action === 'supersede')
  const cancelled = model.cancelled.has(workflowId)
  if (cancelled) must(name === 'aborted' || name === 'reverted', `it was cancelled, yet ${ending}`)
  if (verdict.body.reason === 'cancelled') must(cancelled, `${ending}, but it was not cancelled`)
  if (name === 'aborted') must(recorded || superseded || cancelled, `${ending}, but it was not aborted`)
  must(!verdict.body.reason.includes('no_look'), `${ending}, although a worker took each look`)
  const after = movesIn(entries).filter(
    (move) => move.workflowId === workflowId && move.seq > verdict.seq && !isRollback(move),
  )
  must(after.length === 0, `moved ${after.map(({ alias }) => alias).join(', ')} after its verdict`)
  return problems
}
