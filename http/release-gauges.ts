/** What the registry says of open releases, for `/metrics`: read in the background, so that a registry that is away delays no answer. */
import { needsAttention } from '../releases/attention.js'
import type { DecisionService } from '../serving/service.js'

const EVERY_MS = 15_000

/** @returns begins to read if the last time is long ago; the next answer has the values */
export function createReleaseGauges({ registry, metrics, now }: DecisionService): () => void {
  let [readAt, busy] = [0, false]
  const read = async () => {
    const [open, needs, refused] = await Promise.all([
      registry.runs.open(),
      needsAttention(registry, now()),
      registry.notices.refused(1_000),
    ])
    metrics.openReleases.reset()
    metrics.attention.reset()
    for (const { project, stage } of open) metrics.openReleases.inc({ project, stage })
    for (const { project, why } of needs) metrics.attention.inc({ project, why })
    metrics.refusedNotices.set(refused.length)
  }
  return () => {
    if (busy || now() - readAt < EVERY_MS) return
    readAt = now()
    busy = true
    read()
      // Values that are no longer true would hide that the registry is away.
      .catch(() => {
        metrics.openReleases.reset()
        metrics.attention.reset()
      })
      .finally(() => {
        busy = false
      })
  }
}
