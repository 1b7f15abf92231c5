/** Times of repeated work. */
export interface Samples {
  readonly p50: number
  readonly p99: number
  /** Repetitions per second of wall time. */
  readonly perSecond: number
}

/** @param atOnce how many run concurrently @param work gets the numbers of the repetition and of its lane, from 0 */
export async function sample(
  times: number,
  atOnce: number,
  work: (time: number, lane: number) => Promise<unknown>,
): Promise<Samples> {
  const latencies: number[] = []
  let next = 0
  const begun = performance.now()
  const run = async (_: unknown, lane: number) => {
    while (next < times) {
      const time = next++
      const began = performance.now()
      await work(time, lane)
      latencies.push(performance.now() - began)
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, times) }, run))
  const seconds = (performance.now() - begun) / 1_000
  return { ...percentiles(latencies), perSecond: times / seconds }
}

export function percentiles(values: readonly number[]): { p50: number; p99: number } {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
  return { p50: at(0.5), p99: at(0.99) }
}
