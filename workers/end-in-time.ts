/** Ending on SIGTERM and Ctrl-C within the time that Compose, Kubernetes and systemd give before SIGKILL. */

/** The compose file allows 30 s (`stop_grace_period`), as Kubernetes does by default. */
export const END_WITHIN_MS = 25_000

/** A part that hangs, for example on a server that does not answer, must not keep a stopping process. */
export function endInTime(name: string, withinMs = END_WITHIN_MS): void {
  setTimeout(() => {
    process.stderr.write(`${name}: not everything stopped within ${withinMs / 1_000} s; ending now\n`)
    process.exit(1)
  }, withinMs).unref()
}

/**
 * Aborts at the first SIGINT or SIGTERM; a second one ends the process at once. Call it before anything is awaited: as
 * process 1 of a container, a process without a listener ignores both.
 */
export function stopSignal(name: string): AbortSignal {
  const controller = new AbortController()
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(1)
    endInTime(name)
    controller.abort()
  }
  for (const one of ['SIGINT', 'SIGTERM'] as const) process.on(one, onSignal)
  return controller.signal
}
