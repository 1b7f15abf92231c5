/**
 * The deadline holds without a look. Deadline and harm are judged inside looks; if none is taken, because no worker
 * serves the project or each attempt fails, this timer ends the wait.
 */
import { ActivityFailure, CancellationScope, isCancellation, patched, sleep } from '@temporalio/workflow'
import { wallAt } from '../contracts/clock.js'
import { durationMs } from '../contracts/duration.js'
import { endingLook } from '../contracts/exposure.js'
import type { Reading } from '../contracts/progress.js'
import { shared } from './calls.js'
import type { ReleaseRun, Watched } from './release-run.js'
import { interrupt, interruptible, runRef } from './run.js'
import { StageEnd } from './stage-end.js'

/** Wall time that a look may be late, and between two readings of which the second has to show something new. */
const LATE_MS = 10 * 60_000

/**
 * Waits for looks, at most until the deadline. @returns null when an operator action changed what to wait for
 * @throws StageEnd when no look is taken
 */
export async function untilLooked<T>(
  run: ReleaseRun,
  at: Pick<Watched, 'phase' | 'opened' | 'deadline'>,
  look: () => Promise<T>,
): Promise<T | null> {
  // The timer is set outside of what an operator action interrupts, because it has to survive that.
  const watched = holdDeadline(run, at)
  if (watched?.end) throw watched.end
  return await interruptible(run, look)
}

/** The phase is over. */
export function releaseDeadline(run: ReleaseRun): void {
  run.watched?.timer.cancel()
  run.watched = null
}

function holdDeadline(run: ReleaseRun, at: Pick<Watched, 'phase' | 'opened' | 'deadline'>): Watched | null {
  if (run.watched) {
    run.watched.deadline = at.deadline
    return run.watched
  }
  if (!patched('deadline-without-a-look')) return null
  const watched: Watched = { ...at, timer: new CancellationScope(), end: null }
  run.watched = watched
  void watched.timer
    .run(() => noLook(run, watched))
    .then(
      (end) => {
        watched.end = end
        interrupt(run)
      },
      (error) => {
        if (!isCancellation(error)) throw error
      },
    )
  return watched
}

/** @returns when a look is overdue and two readings of the registry, ten minutes apart, show neither it nor another */
async function noLook(run: ReleaseRun, watched: Watched): Promise<StageEnd> {
  let reading: Reading | null = null
  let before: Reading | null = null
  for (;;) {
    const wait = overdueAt(run, watched, reading) - Date.now()
    if (wait > 0) {
      before = null
      await sleep(wait)
      // The deadline was extended meanwhile.
      if (overdueAt(run, watched, reading) > Date.now()) continue
    } else if (before && reading && isSame(before, reading)) return endWithoutLook(run, watched, reading)
    else {
      // Looks that are due may run now, for example after all of Slipway was down.
      before = reading
      await sleep(LATE_MS)
    }
    reading = await read(run, watched, reading)
  }
}

/**
 * Epoch ms of wall time: ten minutes after the look that judges the deadline is due. A compressed clock is started
 * again after a time in which Slipway was down.
 */
function overdueAt(run: ReleaseRun, { opened, deadline }: Watched, reading: Reading | null): number {
  const every = durationMs(run.input.policy.lookEvery)
  const due = endingLook({ opened, every, deadline, newestLook: reading?.newestLook ?? null })
  return Math.ceil(wallAt(reading?.clock ?? run.clock, due)) + LATE_MS
}

const isSame = (one: Reading, other: Reading): boolean =>
  one.newestLook === other.newestLook &&
  one.clock.eventStart === other.clock.eventStart &&
  one.clock.wallStart === other.clock.wallStart

async function read(run: ReleaseRun, { phase }: Watched, last: Reading | null): Promise<Reading> {
  const { clock } = run
  // A probation belongs to the run, not to one of its openings.
  const opening = phase === 'probation' ? 0 : run.openings
  try {
    return await shared('Read the newest look').readProgress({ ...runRef(run), phase, opening, clock })
  } catch (error) {
    // It cannot be read, now or ever: the deadline holds all the same.
    if (error instanceof ActivityFailure && !isCancellation(error)) return last ?? { clock, newestLook: null }
    throw error
  }
}

function endWithoutLook({ input }: ReleaseRun, { phase, deadline }: Watched, { newestLook }: Reading): StageEnd {
  const iso = (instant: number) => new Date(instant).toISOString()
  const newest = newestLook === null ? 'there is none' : `the newest is as of ${iso(newestLook)}`
  const cause = `Does a worker serve the task queue of ${input.trigger.project}?`
  const detail = `No look was taken at the deadline ${iso(deadline)}: ${newest}. ${cause}`
  return new StageEnd('held', phase === 'probation' ? 'no_look' : 'hold:deadline:no_look', detail)
}
