/** One token bucket per caller: `perSecond` requests on average, twice that in a burst. */
const FORGET_AFTER_MS = 60_000
const MOST_CALLERS = 10_000

export interface RateLimit {
  /** @param now wall time in epoch ms @returns 0 if the request may pass, else the seconds to wait before a retry */
  take(caller: string, now: number): number
}

export function createRateLimit(perSecond: number): RateLimit {
  const buckets = new Map<string, { left: number; at: number }>()
  const burst = 2 * perSecond
  return {
    take(caller, now) {
      const bucket = buckets.get(caller) ?? { left: burst, at: now }
      // A clock that is set back takes nothing away: the caller would be refused for as long as it was set back.
      const passed = Math.max(0, now - bucket.at)
      bucket.left = Math.min(burst, bucket.left + (passed / 1_000) * perSecond)
      bucket.at = now
      if (!buckets.has(caller)) {
        if (buckets.size >= MOST_CALLERS) forget(buckets, now)
        buckets.set(caller, bucket)
      }
      if (bucket.left < 1) return Math.ceil((1 - bucket.left) / perSecond)
      bucket.left -= 1
      return 0
    },
  }
}

function forget(buckets: Map<string, { at: number }>, now: number): void {
  for (const [caller, { at }] of buckets) if (now - at > FORGET_AFTER_MS) buckets.delete(caller)
  // All callers are active: drop the oldest bucket, so that its caller starts with a full one.
  if (buckets.size >= MOST_CALLERS) buckets.delete(buckets.keys().next().value ?? '')
}
