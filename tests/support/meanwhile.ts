/** What comes between a release's decision and its effect: something happens just before an activity does its work. */
export interface Meanwhile {
  /** For the harness. */
  readonly before: (activity: string) => Promise<void>
  /** Before the next activity of that name, once. */
  once(activity: string, what: () => Promise<unknown>): void
  /** What has not happened by now never does. */
  forget(): void
}

export function createMeanwhile(): Meanwhile {
  let next: { activity: string; what: () => Promise<unknown> } | null = null
  return {
    async before(activity) {
      if (activity !== next?.activity) return
      const { what } = next
      next = null
      await what()
    },
    once(activity, what) {
      next = { activity, what }
    },
    forget() {
      next = null
    },
  }
}
