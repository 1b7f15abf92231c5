/** Handles Ctrl-C and SIGTERM: everything this process started is stopped before the process ends. */
import { progress } from './output.js'

/**
 * Aborts at the first Ctrl-C or SIGTERM. A second one ends the process at once; the next start adopts the servers it
 * left running.
 */
export function interruption(): AbortSignal {
  const controller = new AbortController()
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(1)
    // A child is stopped by its parent, which has already printed this.
    if (!process.send) progress('stopping; press Ctrl-C again to end at once')
    controller.abort()
  }
  // Not `once`: after our listener is removed, the terminal library's listener would re-send the signal and end the
  // process.
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, interrupt)
  return controller.signal
}

/** Resolves when the signal is aborted; never rejects. */
export const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })

/** Opens a part, works with it and stops it, also if opening or work fails or is interrupted. */
export async function closing<Part extends { stop(): Promise<void> }>(
  open: (signal: AbortSignal) => Promise<Part>,
  work: (part: Part) => Promise<void>,
): Promise<'done' | 'interrupted'> {
  const signal = interruption()
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
    throw error
  }
  await part.stop()
  return signal.aborted ? 'interrupted' : 'done'
}
