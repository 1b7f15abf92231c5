/** How long a run was in each stage, by the ledger's time: waiting for a person apart from everything else. */
import type { LedgerEntry } from '../../contracts/ledger/index.js'
import { STAGES, type Stage } from '../../contracts/names.js'

export interface StageTime {
  readonly stage: Stage
  /** ms of wall time in which Slipway worked or waited for labels. */
  readonly machineMs: number
  /** ms of wall time in which it was paused or waited for an approval. */
  readonly humanMs: number
}

/**
 * @param entries of one run, in the order of the ledger
 * @param until wall time in epoch ms; for a run that has ended, its verdict ends the last stage
 */
export function stageTimes(entries: readonly LedgerEntry[], until: number): StageTime[] {
  const times = new Map<Stage, { machineMs: number; humanMs: number }>()
  let stage: Stage = 'validating'
  let closed = false
  let paused = false
  let asked = false
  let since: number | null = null
  const spend = (at: number) => {
    const time = times.get(stage) ?? { machineMs: 0, humanMs: 0 }
    const ms = since === null ? 0 : Math.max(0, at - since)
    // Elsewhere a pause has no effect.
    time[stage === 'canary' && (paused || asked) ? 'humanMs' : 'machineMs'] += ms
    times.set(stage, time)
    since = at
  }
  for (const entry of entries) {
    if (stage !== 'done') spend(Date.parse(entry.at))
    const reached = reachedBy(entry)
    const again = entry.kind === 'evaluation' && stage === 'canary' && closed
    if (again || STAGES.indexOf(reached) > STAGES.indexOf(stage)) stage = reached
    if (entry.kind === 'alias_move' && entry.body.alias === 'canary') closed = entry.body.to === null
    if (entry.kind === 'approval') asked = entry.body.state === 'asked'
    if (entry.kind === 'judgement' && entry.body.judgement.action === 'pause') paused = true
    if (entry.kind === 'operator_action' && entry.body.accepted) {
      if (entry.body.action === 'pause') paused = true
      if (entry.body.action === 'resume') paused = false
    }
  }
  if (stage !== 'done') spend(until)
  return STAGES.flatMap((name) => {
    const time = times.get(name)
    return time === undefined ? [] : [{ stage: name, ...time }]
  })
}

/** The stage that an entry shows, as the database computes it for its row of the run. */
function reachedBy(entry: LedgerEntry): Stage {
  switch (entry.kind) {
    case 'verdict':
      return 'done'
    case 'canary_step':
    case 'judgement':
      return entry.body.phase === 'probation' ? 'probation' : 'canary'
    case 'alias_move':
      return entry.body.alias === 'production' ? 'probation' : 'canary'
    case 'clock':
      return 'canary'
    case 'evaluation':
    case 'decision_offline':
    case 'lane':
      return 'awaiting_canary'
    case 'release':
      return 'evaluating'
    case 'snapshot':
    case 'training_run':
      return 'training'
    default:
      return 'validating'
  }
}
