/** What must hold of each run's entries: one trigger first, one verdict that its moves bear out, each word once. */
import { isRollback, type LedgerEntry, ofKind, promotedBy, runOf } from '../../../contracts/ledger/index.js'
import { type Model, NEVER_EXPOSED, type RunModel } from '../model.js'
import { movesIn } from './ledger.js'

export function runProblems(model: Model, chain: readonly LedgerEntry[]): string[] {
  return model.runs.flatMap((run) => problemsOf(run, model, chain).map((what) => `${run.workflowId}: ${what}`))
}

function problemsOf(run: RunModel, model: Model, chain: readonly LedgerEntry[]): string[] {
  const { workflowId, candidate } = run
  const own = chain.filter((entry) => entry.subject === workflowId || runOf(entry) === workflowId)
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
  const said = `${name}: ${verdict.body.reason}`
  const promoted = moves.some((move) => promotedBy(move) === workflowId)
  must(promoted === (name === 'promoted' || name === 'reverted'), `${said}, production ${promoted ? '' : 'not '}moved`)
  if (name === 'rolled_back') must(opened, `${said}, never exposed`)
  if (never) must(name === 'aborted' || said === never, `a candidate that is ${candidate} ended as ${said}`)
  if (candidate === 'certain' && !run.live) must(name !== 'promoted', `a breach in every window ended as ${said}`)
  const aborted = model.words.some(
    (word) => word.workflowId === workflowId && word.action === 'abort' && word.answer?.accepted,
  )
  const recorded = own.some(({ kind, body }) => kind === 'operator_action' && body.action === 'abort' && body.accepted)
  if (aborted || recorded) must(name === 'aborted' || name === 'reverted', `an abort was accepted, yet ${said}`)
  const superseded = own.some(({ kind, body }) => kind === 'operator_action' && body.action === 'supersede')
  const cancelled = model.cancelled.has(workflowId)
  if (cancelled) must(name === 'aborted' || name === 'reverted', `it was cancelled, yet ${said}`)
  if (verdict.body.reason === 'cancelled') must(cancelled, `${said}, and nobody cancelled it`)
  if (name === 'aborted') must(recorded || superseded || cancelled, `${said}, and nobody said so`)
  const after = movesIn(chain).filter(
    (move) => move.workflowId === workflowId && move.seq > verdict.seq && !isRollback(move),
  )
  must(after.length === 0, `moved ${after.map(({ alias }) => alias).join(', ')} after its verdict`)
  return problems
}
