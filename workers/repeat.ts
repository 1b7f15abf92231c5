/** Work that a process repeats in the background. */
export interface Repeated {
  /** Resolves when the current pass has ended. */
  stop(): Promise<void>
}

/**
 * Runs at once, and then again and again. When a pass fails, for example without a database, the next one repeats it.
 */
export function repeat(pass: () => Promise<void>, everyMs: number): Repeated {
  let busy: Promise<void> | undefined
  const begin = () => {
    busy ??= pass()
      .catch(() => {})
      .finally(() => {
        busy = undefined
      })
  }
  begin()
  const timer = setInterval(begin, everyMs)
  return {
    async stop() {
      clearInterval(timer)
      await busy
    },
  }
}
