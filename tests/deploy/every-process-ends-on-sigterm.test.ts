/**
 * Compose, Kubernetes and systemd stop a process by SIGTERM, and by SIGKILL when it has not ended in time. Each kind of
 * process ends by itself with code 0, at work and while it starts. `up` is stopped in tests/cli.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type DevServer, devServer } from '../support/dev-server.js'
import { RUN_SOURCE } from '../support/run-source.js'
import { aliveOf, descendants, type RunningSlipway, startSlipway } from '../support/slipway-process.js'
import { eventually } from '../support/steer.js'
import { startWorkerProcess } from '../support/worker-process.js'
import { bundleEnvironment } from '../support/workflow-bundle.js'

let on: DevServer
const home = mkdtempSync(join(tmpdir(), 'slipway-sigterm-'))
const running: RunningSlipway[] = []
beforeAll(async () => {
  on = await devServer()
})
afterAll(async () => {
  for (const one of running) await one.clear()
  await on?.close()
  rmSync(home, { recursive: true, force: true })
})

it('a worker of the shared queue ends, although its housekeeping would continue', async () => {
  const worker = await startWorkerProcess({ ...on.environment, SLIPWAY_TASK_QUEUES: 'slipway' }, [])
  expect(await worker.stop()).toBe(0)
})

it('a worker that trains ends, and its trainer with it', async () => {
  await on.start('slow', { dayMs: 1_000, parameters: { epochs: 1200, epochMs: 100 } })
  const worker = await startWorkerProcess(on.environment)
  const trainers = await eventually('a trainer', async () => {
    const all = await descendants(worker.pid)
    return all.length > 0 ? all : undefined
  })
  expect(await worker.stop()).toBe(0)
  await eventually('no trainer is left', async () => (await aliveOf(trainers)).length === 0)
})

it('the notifier ends', async () => {
  const notify = startSlipway(['notify'], home, on.environment)
  running.push(notify)
  await notify.until(/sending notices/)
  notify.signal('SIGTERM')
  expect(await notify.ended, notify.output()).toBe(0)
})

it('a decision service and a client that waits for a release end', async () => {
  const service = startSlipway(['serve'], home, { ...on.environment, SLIPWAY_PORT: '0' })
  running.push(service)
  const [, servicePort = ''] = await service.until(/decision service http:\S+:(\d+)/)
  // A client that has connected is at work.
  const front = await listening((socket) => {
    const behind = connect(Number(servicePort), '127.0.0.1')
    pipeline(socket, behind, socket, () => {})
  })
  const client = startSlipway(['traffic', 'toy', '--follow', '--url', front.url], home, on.environment)
  running.push(client)
  await eventually('the client asks', async () => front.connections() > 0)
  client.signal('SIGTERM')
  expect(await client.ended, client.output()).toBe(0)
  front.close()
  service.signal('SIGTERM')
  expect(await service.ended, service.output()).toBe(0)
})

it('a worker that waits for a database which does not answer ends at once', async () => {
  const silent = await listening(() => {})
  const database = `postgres://a:b@127.0.0.1:${silent.port}/c`
  const entry = fileURLToPath(new URL('../../workers/main.ts', import.meta.url))
  const env = { ...process.env, ...(await bundleEnvironment()), ...on.environment, SLIPWAY_DATABASE_URL: database }
  const child = spawn(process.execPath, [RUN_SOURCE, entry, 'toy'], { env, stdio: 'ignore' })
  const ended = once(child, 'exit')
  await eventually('it connects', async () => silent.connections() > 0)
  child.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
  silent.close()
})

async function listening(onSocket: (socket: Socket) => void) {
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => {}))
    onSocket(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    connections: () => sockets.length,
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
