/** Ends what was opened, newest first. */
export type Opened = (() => Promise<unknown>)[]

/** Runs `work` and then ends everything that it added to `opened`, also when it fails. */
export async function withOpened<T>(work: (opened: Opened) => Promise<T>): Promise<T> {
  const opened: Opened = []
  try {
    return await work(opened)
  } finally {
    for (const end of opened.reverse()) await end().catch(() => {})
  }
}
