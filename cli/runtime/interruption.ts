/** Handles Ctrl-C and SIGTERM: everything this process started is stopped before the process ends. */
import { END_WITHIN_MS, endInTime } from '../../workers/end-in-time.js'
import { progress } from './output.js'

/** For a command that also stops servers: systemd waits 90 s. */
const SERVERS_END_WITHIN_MS = 80_000

let interrupted = false

/** Whether Ctrl-C or SIGTERM has ended the work of this process. */
export const wasInterrupted = (): boolean => interrupted

/**
 * Aborts at the first Ctrl-C or SIGTERM. A second one ends the process at once; the next start adopts the servers it
 * left running.
 */
export function interruption(): AbortSignal {
  return listening().signal
}

/**
 * @property release called when everything is stopped: from then on a signal ends the process, as it does without us
 */
function listening(withinMs = END_WITHIN_MS): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController()
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(1)
    // A child is stopped by its parent, which has already printed this.
    if (!process.send) progress('stopping; press Ctrl-C again to end at once')
    interrupted = true
    endInTime('slipway', withinMs)
    controller.abort()
  }
  const names = ['SIGINT', 'SIGTERM'] as const
  // Not `once`: after our listener is removed, the terminal library's listener would re-send the signal and end the
  // process.
  for (const name of names) process.on(name, interrupt)
  return {
    signal: controller.signal,
    release: () => {
      for (const name of names) process.off(name, interrupt)
    },
  }
}

/** Resolves when the signal is aborted; never rejects. */
export const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })

/**
 * Opens a part, works with it and stops it, also if opening or work fails or is interrupted. A part that is stopped
 * takes no signals any more: a command that continues after it would otherwise never end on Ctrl-C.
 * @param withinMs the process ends this long after a signal even if the part does not stop
 */
export async function closing<Part extends { stop(): Promise<void> }>(
  open: (signal: AbortSignal) => Promise<Part>,
  work: (part: Part) => Promise<void>,
  withinMs = SERVERS_END_WITHIN_MS,
): Promise<'done' | 'interrupted'> {
  const { signal, release } = listening(withinMs)
  try {
    return await openWorkStop(signal, open, work)
  } finally {
    // An interrupted process ends: its signals stay ours until then.
    if (!signal.aborted) release()
  }
}

async function openWorkStop<Part extends { stop(): Promise<void> }>(
  signal: AbortSignal,
  open: (signal: AbortSignal) => Promise<Part>,
  work: (part: Part) => Promise<void>,
): Promise<'done' | 'interrupted'> {
  let part: Part
  try {
    part = await open(signal)
  } catch (error) {
    if (signal.aborted) return 'interrupted'
    throw error
  }
  try {
    await Promise.race([work(part), untilAborted(signal)])
  } catch (error) {
    // The first failure is reported; a failure to stop is usually a consequence of it.
    await part.stop().catch(() => {})
    // Work that was interrupted may end with an error of its own.
    if (signal.aborted) return 'interrupted'
    throw error
  }
  await part.stop()
  return signal.aborted ? 'interrupted' : 'done'
}
