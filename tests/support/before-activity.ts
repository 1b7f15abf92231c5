/** Lets a test do something just before an activity runs: between a release's decision and its effect. */
export interface Meanwhile {
  /** Passed to the harness, which calls it before each activity. */
  readonly before: (activity: string) => Promise<void>
  /** Before the next activity of that name, once. */
  once(activity: string, work: () => Promise<unknown>): void
  /** Discards work that has not run yet. */
  forget(): void
}

export function createMeanwhile(): Meanwhile {
  let next: { activity: string; work: () => Promise<unknown> } | null = null
  return {
    async before(activity) {
      if (activity !== next?.activity) return
      const { work } = next
      next = null
      await work()
    },
    once(activity, work) {
      next = { activity, work }
    },
    forget() {
      next = null
    },
  }
}
