/** Ledger, workflow and decision service must agree, after a moment in which each one catches up. */
import { type LedgerEntry, type OperatorActionBody, ofKind } from '../../../contracts/ledger/index.js'
import type { ReleaseState } from '../../../contracts/messages.js'
import type { Stage } from '../../../contracts/names.js'
import { askState } from '../ask-state.js'
import { pauses } from '../pauses.js'
import type { Model } from '../sequence-model.js'
import type { SequenceSystem } from '../system/sequence-system.js'
import { openExposure } from './exposure-problems.js'
import { movesIn } from './ledger-problems.js'
import { operatorActionProblems } from './operator-action-problems.js'

/** Much longer than any of them needs. */
const GIVE_UP_MS = 100_000

const EXPOSED: readonly Stage[] = ['canary', 'promoting', 'probation']
const JUDGED_AGAIN: readonly Stage[] = ['evaluating', 'awaiting_canary']

/** @returns the entries on which they agree */
export async function agree(model: Model, system: SequenceSystem): Promise<readonly LedgerEntry[]> {
  let problems: string[] = []
  for await (const _ of pauses(GIVE_UP_MS)) {
    const states = await Promise.all(model.runs.map(({ workflowId }) => askState(system, workflowId)))
    const entries = await system.registry.ledger.entries(system.project)
    problems = [
      ...(await serviceProblems(system, entries)),
      ...model.runs.flatMap(({ workflowId }, index) =>
        stateProblems(workflowId, states[index] as ReleaseState, entries, model).map(
          (what) => `${workflowId}: ${what}`,
        ),
      ),
    ]
    if (problems.length === 0) return entries
  }
  throw new Error(`after ${GIVE_UP_MS / 1_000} s they still do not agree:\n${problems.join('\n')}`)
}

async function serviceProblems({ get, project, registry, clock }: SequenceSystem, entries: readonly LedgerEntry[]) {
  const at = (alias: string) => movesIn(entries).findLast((move) => move.alias === alias)?.to ?? null
  const [production, canary] = [at('production'), at('canary')]
  const now = new Date((await clock.tick()) + 1_000).toISOString()
  const answered = (await get(`/v1/projects/${project}/aliases`)) as {
    production: string | null
    canary: string | null
    split: { workflowId: string } | null
    problem: string | null
  }
  const aliases = await registry.aliases.current(project)
  const dated = await registry.aliases.at(project, 'production', now)
  const exposed = openExposure(entries)
  return [
    ...(aliases.production === production && aliases.canary === canary ? [] : [`aliases ${JSON.stringify(aliases)}`]),
    ...(dated === production ? [] : [`production_at ${now} is ${dated}, the ledger ends at ${production}`]),
    ...(answered.production === production && answered.canary === canary
      ? []
      : [`the service answers from ${answered.production} and ${answered.canary}: ${production}, ${canary}`]),
    ...(canary === null || answered.split?.workflowId === exposed
      ? []
      : [`the split is ${answered.split?.workflowId}`]),
    ...(answered.problem === null ? [] : [answered.problem]),
  ]
}

function stateProblems(workflowId: string, state: ReleaseState, entries: readonly LedgerEntry[], model: Model) {
  const own = entries.filter(({ subject }) => subject === workflowId)
  const moves = movesIn(entries)
  const at = (alias: string) => moves.findLast((move) => move.alias === alias)
  const problems: string[] = []
  const must = (holds: boolean, what: string) => {
    if (!holds) problems.push(`${what} (${state.stage}: ${state.waitingFor})`)
  }
  const holder = openExposure(entries)
  const [canary, production] = [at('canary'), at('production')]
  if (EXPOSED.includes(state.stage)) must(holder === workflowId, `the lane is held by ${holder}`)
  // A run whose production changed is evaluated again and keeps its lane.
  if (holder === workflowId) must([...EXPOSED, ...JUDGED_AGAIN].includes(state.stage), 'it holds the lane')
  if (state.stage === 'canary') must(canary?.to === state.releaseId, `canary is ${canary?.to}`)
  // A run that got no signal of a rollback notices it at its next look.
  const informed = !production || !model.unsignalled.has(production.key)
  if (state.stage === 'canary' && informed) must(production?.to === state.production, `production is ${production?.to}`)
  if (state.stage === 'probation' && informed)
    must(production?.to === state.releaseId, `production is ${production?.to}`)
  if (state.stage === 'probation') must(canary?.to === null, `canary is ${canary?.to}`)
  const verdict = own.find(ofKind('verdict'))?.body
  must((state.verdict ?? undefined) === verdict?.verdict, `the ledger's verdict is ${verdict?.verdict}`)
  must((state.reason ?? undefined) === verdict?.reason, `the ledger's reason is ${verdict?.reason}`)
  must((state.stage === 'done') === (verdict !== undefined), 'done without a verdict')
  const recorded = own.filter(ofKind('operator_action')).filter(({ key }) => !key.includes('rollback'))
  const text = ({ id, action, by, reason, accepted, message }: OperatorActionBody) =>
    [id, action, by, reason, accepted, message].join(' | ')
  const inState = state.actions.map((action) => text(action))
  const written = recorded.map(({ body }) => text(body)).filter((line) => !line.includes(' | rollback | '))
  must(
    inState.join('\n') === written.join('\n'),
    `operator actions in the state:\n${inState.join('\n')}\nin the ledger:\n${written.join('\n')}`,
  )
  return [...problems, ...operatorActionProblems(workflowId, state, model.actions)]
}
