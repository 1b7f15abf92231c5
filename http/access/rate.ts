/** A token bucket for each caller: `perSecond` on average, twice that at once. */
const FORGET_AFTER_MS = 60_000
const MOST_CALLERS = 10_000

export interface RateLimit {
  /** @returns 0 when the request may pass, else the seconds after which it may be tried again */
  take(caller: string, now: number): number
}

export function createRateLimit(perSecond: number): RateLimit {
  const buckets = new Map<string, { left: number; at: number }>()
  const burst = 2 * perSecond
  return {
    take(caller, now) {
      const bucket = buckets.get(caller) ?? { left: burst, at: now }
      bucket.left = Math.min(burst, bucket.left + ((now - bucket.at) / 1_000) * perSecond)
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
  // All busy: the oldest one starts anew.
  if (buckets.size >= MOST_CALLERS) buckets.delete(buckets.keys().next().value ?? '')
}
