import { fileURLToPath } from 'node:url'

export const TOY_PROJECT = fileURLToPath(new URL('../toy-project', import.meta.url))

/** Ends one thing that was started. */
export type Ending = () => Promise<unknown>

/** Adds `close`, which ends what was started, newest first; also when opening fails half-way. */
export async function closeable<Part extends object>(
  open: (opened: Ending[]) => Promise<Part>,
): Promise<Part & { close(): Promise<void> }> {
  const opened: Ending[] = []
  const close = async () => {
    const failed: unknown[] = []
    // What one of them says while ending must not keep the others running.
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
