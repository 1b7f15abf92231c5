/** Readers of replayed data between two looks: the next look continues where the last one ended. */
import type { DayReader } from '../../projects/replay-by-day.js'

const MOST = 8
/** Wall time. A run that has ended takes nothing more. */
const UNUSED_MS = 10 * 60_000

export interface KeptReaders {
  /** The reader of a run is handed over: two attempts never share one. */
  take(run: string): DayReader | undefined
  keep(run: string, reader: DayReader): void
}

export function createKeptReaders(): KeptReaders {
  const kept = new Map<string, { reader: DayReader; timer: NodeJS.Timeout }>()
  const take = (run: string): DayReader | undefined => {
    const found = kept.get(run)
    if (!found) return undefined
    clearTimeout(found.timer)
    kept.delete(run)
    return found.reader
  }
  return {
    take,
    keep(run, reader) {
      take(run)?.close()
      const timer = setTimeout(() => take(run)?.close(), UNUSED_MS)
      timer.unref()
      kept.set(run, { reader, timer })
      const [oldest] = kept.keys()
      if (kept.size > MOST && oldest !== undefined) take(oldest)?.close()
    },
  }
}
