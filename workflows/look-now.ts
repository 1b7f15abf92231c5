/** Signals that ask for a look. The registry has what happened: a lost one costs delay, never the rollback. */
import { patched, sleep } from '@temporalio/workflow'
import type { BreachNote } from '../contracts/messages.js'
import type { ReleaseRun } from './release-run.js'
import { interrupt } from './run.js'

/**
 * Wall time between two looks that signals ask for. Each costs about ten events of history, and a monitor that fires
 * without end must not use up the history of a canary that waits for weeks.
 */
const BETWEEN_MS = 10_000

/**
 * A paused run has nothing to do about a breach that may only pause. The looks of a live run read breaches once a
 * minute, so a monitor that does not say which power it was about costs at most that.
 */
export function lookAtBreach(run: ReleaseRun, note: BreachNote | null | undefined): void {
  if (run.state.paused && note?.power !== 'rollback' && patched('pause-breach-while-paused')) return
  lookNow(run)
}

/** The next look reads the registry. In other stages the wait is for something else. */
export function lookNow(run: ReleaseRun): void {
  const { wakes } = run
  if (!waits(run)) return
  // A signal that came while such a look is due or may still run is answered by one look after it.
  if (Date.now() - wakes.last < BETWEEN_MS && patched('looks-by-signal-apart')) {
    if (!wakes.due) void lookLater(run)
    return
  }
  wakes.last = Date.now()
  interrupt(run)
}

async function lookLater(run: ReleaseRun): Promise<void> {
  const { wakes } = run
  wakes.due = true
  try {
    await sleep(wakes.last + BETWEEN_MS - Date.now())
  } catch {
    return // The workflow was cancelled in Temporal: it ends.
  }
  wakes.due = false
  if (!waits(run)) return
  wakes.last = Date.now()
  interrupt(run)
}

const waits = ({ state }: ReleaseRun): boolean => state.stage === 'canary' || state.stage === 'probation'
