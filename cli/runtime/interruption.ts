/** Ctrl-C and SIGTERM, so that whatever this process started is ended before it is. */
import { progress } from './output.js'

/** Aborts at the first Ctrl-C or SIGTERM. A second one ends the process at once; the next start adopts the servers it left. */
export function interruption(): AbortSignal {
  const controller = new AbortController()
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(1)
    // A child is told by its parent, which has said so; nobody presses Ctrl-C for it.
    if (!process.send) progress('stopping; once more ends it at once')
    controller.abort()
  }
  // Not `once`: where a listener of ours is gone, the terminal library's own sends the signal again and ends the process.
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, interrupt)
  return controller.signal
}

/** Resolves when aborted; never rejects. */
export const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })

/** Opens something, works with it and closes it, also when opening or work fails or is interrupted. */
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
    // Why it ended, and not what went wrong in ending because of it.
    await part.stop().catch(() => {})
    throw error
  }
  await part.stop()
  return signal.aborted ? 'interrupted' : 'done'
}
