/** A load generator with little overhead: HTTP/1.1 over persistent connections, one request in flight on each. */
import { connect, type Socket } from 'node:net'

export interface Connection {
  /** @returns status and body */
  send(body: string): Promise<{ status: number; body: string }>
  close(): void
}

export function openConnection(url: URL, path: string): Promise<Connection> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true })
    let waiting:
      | { done: (answer: { status: number; body: string }) => void; failed: (error: Error) => void }
      | undefined
    let received = ''
    socket.setEncoding('latin1')
    socket.on('data', (chunk: string) => {
      received += chunk
      const head = received.indexOf('\r\n\r\n')
      if (head < 0 || !waiting) return
      const length = /content-length: (\d+)/i.exec(received.slice(0, head))?.[1]
      if (length === undefined || received.length < head + 4 + Number(length)) return
      const answer = { status: Number(received.slice(9, 12)), body: received.slice(head + 4) }
      received = ''
      const { done } = waiting
      waiting = undefined
      done(answer)
    })
    const fail = (error: Error) => {
      waiting?.failed(error)
      reject(error)
    }
    socket.on('error', fail)
    socket.on('close', () => fail(new Error('the connection was closed')))
    socket.once('connect', () =>
      resolve({
        send: (body) =>
          new Promise((done, failed) => {
            waiting = { done, failed }
            socket.write(
              `POST ${path} HTTP/1.1\r\nhost: ${url.host}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
            )
          }),
        close: () => socket.destroy(),
      }),
    )
  })
}

export interface Load {
  readonly answered: number
  readonly refused: number
  /** Number of refusals by status and detail of the answer. */
  readonly refusals: ReadonlyMap<string, number>
  readonly seconds: number
  readonly p50: number
  readonly p99: number
}

/**
 * Sends `requests` bodies over `connections`: at `perSecond` on average when given, else as fast as answers arrive.
 * Latency is measured from the instant at which a request was due.
 */
export async function load(
  url: URL,
  path: string,
  {
    connections,
    requests,
    perSecond,
    body,
  }: { connections: number; requests: number; perSecond?: number; body: (index: number) => string },
): Promise<Load> {
  const open = await Promise.all(Array.from({ length: connections }, () => openConnection(url, path)))
  const latencies = new Float64Array(requests)
  let next = 0
  let answered = 0
  let refused = 0
  const refusals = new Map<string, number>()
  const begun = performance.now()
  await Promise.all(
    open.map(async (connection) => {
      while (next < requests) {
        const index = next++
        let due = performance.now()
        if (perSecond !== undefined) {
          due = begun + (index / perSecond) * 1_000
          const wait = due - performance.now()
          if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait))
        }
        const answer = await connection.send(body(index))
        if (answer.status === 200) answered += 1
        else {
          refused += 1
          const why = whyOf(answer)
          refusals.set(why, (refusals.get(why) ?? 0) + 1)
        }
        latencies[index] = performance.now() - due
      }
      connection.close()
    }),
  )
  const seconds = (performance.now() - begun) / 1_000
  latencies.sort()
  const at = (share: number) => latencies[Math.min(requests - 1, Math.floor(share * requests))] ?? Number.NaN
  return { answered, refused, refusals, seconds, p50: at(0.5), p99: at(0.99) }
}

/** Without ids and numbers, which would make every refusal a separate reason. */
function whyOf({ status, body }: { status: number; body: string }): string {
  const detail = /"detail":"((?:[^"\\]|\\.)*)"/.exec(body)?.[1] ?? body.slice(0, 200)
  return `${status} ${detail.replaceAll(/[0-9a-f-]{36}|\d+/g, '#')}`
}
