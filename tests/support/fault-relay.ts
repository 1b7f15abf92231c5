/**
 * Forwards TCP connections, and makes them fail as networks do: `silent` keeps connections open and delivers nothing,
 * `refusing` breaks them, `slow` delays what the server sends, `trickling` sends it in small pieces one after the
 * other, `failing` answers in place of a server that speaks HTTP.
 */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

export type Weather = 'fair' | 'silent' | 'refusing' | 'slow' | 'trickling' | 'failing'

const DELAY_MS = 150
const PIECE = 16 << 10
const BETWEEN_PIECES_MS = 100
const BUSY = 'HTTP/1.1 503 Slow Down\r\ncontent-length: 0\r\nconnection: close\r\n\r\n'

export interface FaultRelay {
  /** host:port */
  readonly address: string
  /**
   * What begins now happens to all connections. A connection that was silent stays so after that: what was sent
   * meanwhile is lost.
   */
  become(weather: Weather): void
  /** How many connections or requests have met the present fault. */
  met(): number
  close(): Promise<void>
}

interface Pair {
  readonly near: Socket
  readonly far: Socket
  silent: boolean
  /** How many pieces that the server has sent are delayed. */
  delayed: number
  /** The last of them, and the wall time at which it is delivered. */
  last: Promise<unknown>
  lastAt: number
}

export async function openFaultRelay(behind: string): Promise<FaultRelay> {
  const [host = '', port = ''] = behind.split(':')
  const pairs = new Set<Pair>()
  let weather: Weather = 'fair'
  let met = 0
  const server = createServer((near) => {
    const far = connect(Number(port), host)
    const pair: Pair = { near, far, silent: weather === 'silent', delayed: 0, last: Promise.resolve(), lastAt: 0 }
    pairs.add(pair)
    const forget = () => {
      pairs.delete(pair)
      near.destroy()
      far.destroy()
    }
    // Behind what is delayed already: pieces keep their order, and an end comes last.
    const later = (work: () => void, at = Date.now() + DELAY_MS) => {
      pair.delayed += 1
      pair.lastAt = at
      pair.last = pair.last.then(async () => {
        await pause(Math.max(0, at - Date.now()))
        pair.delayed -= 1
        if (!pair.silent) work()
      })
    }
    const trickle = (bytes: Buffer) => {
      for (let from = 0; from < bytes.length; from += PIECE)
        later(
          () => void near.write(bytes.subarray(from, from + PIECE)),
          Math.max(Date.now(), pair.lastAt) + BETWEEN_PIECES_MS,
        )
    }
    near.on('error', forget).on('close', forget)
    far.on('error', forget).on('close', () => {
      // The end of a connection is not delivered either.
      if (pair.silent) return
      if (pair.delayed > 0) later(() => near.end(forget))
      else forget()
    })
    if (weather !== 'fair') met += 1
    if (weather === 'refusing') return forget()
    near.on('data', (bytes) => {
      if (pair.silent || weather === 'failing') met += 1
      if (pair.silent) return
      if (weather === 'failing') near.end(BUSY)
      else far.write(bytes)
    })
    far.on('data', (bytes) => {
      if (pair.silent) return
      if (weather === 'slow' || weather === 'trickling') met += 1
      if (weather === 'trickling') trickle(bytes)
      else if (weather === 'slow' || pair.delayed > 0) later(() => void near.write(bytes))
      else near.write(bytes)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    become(next) {
      weather = next
      met = 0
      for (const pair of pairs) {
        if (next === 'silent') pair.silent = true
        if (next === 'refusing' || next === 'failing') {
          pair.near.destroy()
          met += 1
        }
      }
    },
    met: () => met,
    async close() {
      for (const { near, far } of pairs) {
        near.destroy()
        far.destroy()
      }
      server.close()
      await once(server, 'close')
    },
  }
}
