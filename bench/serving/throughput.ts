/** Decisions of the ETA network, scored and logged, and answers of the same server without scoring and log. */
import { type ServerProcess, startServer } from './bench-services.js'
import { type Load, load } from './client.js'
import { type Measured, measured } from './process-usage.js'

export const DECISIONS_PATH = '/v1/projects/eta/decisions'

export interface Throughput {
  /** At full speed. */
  readonly most: Measured
  /** At 3,000 a second. */
  readonly steady: Measured
}

export interface Requests {
  readonly warm: number
  readonly most: number
  readonly steady: number
}

export const REQUESTS: Requests = { warm: 5_000, most: 30_000, steady: 15_000 }

type Send = (...args: Parameters<typeof load>) => Promise<Load>

/** @param send for requests whose answers are counted by the caller */
export async function throughputOf(
  server: ServerProcess,
  body: (index: number) => string,
  { warm, most, steady }: Requests = REQUESTS,
  send: Send = load,
): Promise<Throughput> {
  const to = { connections: 64, body }
  await send(server.url, DECISIONS_PATH, { ...to, requests: warm })
  return {
    most: await measured(server, () => send(server.url, DECISIONS_PATH, { ...to, requests: most })),
    steady: await measured(server, () =>
      send(server.url, DECISIONS_PATH, { ...to, requests: steady, perSecond: 3_000 }),
    ),
  }
}

/** The same without scoring and log, on a server that is stopped afterwards. */
export async function bareThroughput(
  body: (index: number) => string,
  requests: Requests = REQUESTS,
): Promise<Throughput> {
  const bare = await startServer('bare', {})
  try {
    return await throughputOf(bare, body, requests)
  } finally {
    await bare.stop()
  }
}
