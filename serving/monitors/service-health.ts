/** Latency and errors of one arm, in wall time. Every project may declare signals with these names. */
export const SERVICE_SIGNALS = ['scoring_latency_p99_ms', 'error_share'] as const

export interface Served {
  /** Wall time, epoch ms. */
  readonly at: number
  /** Scoring and action, ms. */
  readonly ms: number
  readonly failed: boolean
}

export function serviceHealth(served: readonly Served[]): Record<(typeof SERVICE_SIGNALS)[number], number> | object {
  if (served.length === 0) return {}
  const sorted = served.map(({ ms }) => ms).sort((a, b) => a - b)
  const p99 = sorted[Math.min(sorted.length - 1, Math.ceil(0.99 * sorted.length) - 1)]
  return { scoring_latency_p99_ms: p99, error_share: served.filter(({ failed }) => failed).length / served.length }
}
