import { fileURLToPath } from 'node:url'

export const TOY_PROJECT = fileURLToPath(new URL('../toy-project', import.meta.url))

/** Ends one resource that was started. */
export type Ending = () => Promise<unknown>

/** Adds `close`, which ends what `open` started, newest first. Also ends it when opening fails half-way. */
export async function closeable<Part extends object>(
  open: (opened: Ending[]) => Promise<Part>,
): Promise<Part & { close(): Promise<void> }> {
  const opened: Ending[] = []
  const close = async () => {
    const failed: unknown[] = []
    // A failure of one must not keep the others running.
    for (const end of opened.splice(0).reverse()) await end().catch((error) => failed.push(error))
    if (failed.length > 0) throw new AggregateError(failed, 'not everything could be ended')
  }
  try {
    return { ...(await open(opened)), close }
  } catch (error) {
    await close()
    throw error
  }
}
