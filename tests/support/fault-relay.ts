/**
 * Forwards TCP connections, and makes them fail as networks do: `silent` keeps connections open and delivers nothing,
 * `refusing` breaks them, `slow` delays what the server sends, `failing` answers in place of a server that speaks HTTP.
 */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export type Weather = 'fair' | 'silent' | 'refusing' | 'slow' | 'failing'

const DELAY_MS = 150
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
}

export async function openFaultRelay(behind: string): Promise<FaultRelay> {
  const [host = '', port = ''] = behind.split(':')
  const pairs = new Set<Pair>()
  let weather: Weather = 'fair'
  let met = 0
  const server = createServer((near) => {
    const far = connect(Number(port), host)
    const pair: Pair = { near, far, silent: weather === 'silent', delayed: 0 }
    pairs.add(pair)
    const forget = () => {
      pairs.delete(pair)
      near.destroy()
      far.destroy()
    }
    // Behind what is delayed already: pieces keep their order, and an end comes last.
    const later = (work: () => void) => {
      pair.delayed += 1
      setTimeout(() => {
        pair.delayed -= 1
        work()
      }, DELAY_MS)
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
      if (weather === 'slow') met += 1
      if (weather === 'slow' || pair.delayed > 0) later(() => void near.write(bytes))
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
