import { rmSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { endProcess } from '../../embedded/processes.js'
import type { TemporalServer } from '../../embedded/temporal-options.js'
import { startTemporalDevServer } from '../../embedded/temporal-server.js'
import { openHome } from '../support/homes.js'
import { aliveOf, serversOf } from '../support/slipway-process.js'

let home: string
let other: Server
let port: number
const started: TemporalServer[] = []

/** The server of another program on a port. */
async function occupy(wanted = 0): Promise<void> {
  other = createServer()
  await new Promise<void>((listening) => other.listen(wanted, '127.0.0.1', listening))
  port = (other.address() as { port: number }).port
}
const leave = () => new Promise<void>((closed) => void other.close(() => closed()))

beforeEach(() => {
  home = openHome('port')
})
afterEach(async () => {
  for (const server of started.splice(0)) await server.stop()
  for (const pid of await aliveOf(serversOf(home))) await endProcess(pid)
  if (other.listening) await leave()
  rmSync(home, { recursive: true, force: true })
})

const start = async (ports: { port?: number; uiPort?: number } = {}) => {
  const server = await startTemporalDevServer({ home, ...ports })
  started.push(server)
  return server
}

describe('a port that another program uses', () => {
  it.each([
    ['port', 'Temporal'],
    ['uiPort', 'the Temporal Web UI'],
  ] as const)('requested as %s is named with the fix, and nothing starts', async (which, user) => {
    await occupy()
    await expect(start({ [which]: port })).rejects.toMatchObject({
      type: 'Unavailable',
      message: `port ${port} for ${user} is in use; choose another port or end the process that uses it`,
    })
    expect(serversOf(home)).toEqual([])
  })

  it('and that this home used before is replaced by another port', async () => {
    const first = await start()
    const address = first.address
    await first.stop()
    await occupy(Number(address.split(':')[1]))
    const second = await start()
    expect(second.address).not.toBe(address)
    expect(second.adopted).toBe(false)
    await second.stop()
    await leave()
  })

  it('is refused when the server of this home already runs on another port, naming that port', async () => {
    await occupy()
    const running = await start()
    await expect(start({ port })).rejects.toMatchObject({
      type: 'Unavailable',
      message: expect.stringContaining(
        `already runs on ${running.address}; do not request another port, or end it with`,
      ) as string,
    })
    expect(await aliveOf([running.pid])).toEqual([running.pid])
  })
})
