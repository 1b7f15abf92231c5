/** `slipway notify` as a separate process, as in the compose file: actions of another process reach the webhook. */
import { rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Notice } from '../../notify/notice.js'
import { TOY_PROJECT } from '../support/harness.js'
import { openHome } from '../support/homes.js'
import { slipway } from '../support/slipway.js'
import { type RunningSlipway, startSlipway } from '../support/slipway-process.js'
import { eventually } from '../support/steer.js'

const home = openHome()
const received: Notice[] = []
let server: Server
let running: RunningSlipway | undefined

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      received.push(JSON.parse(body) as Notice)
      response.writeHead(200).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  await running?.clear()
  server?.closeAllConnections()
  server?.close()
  await rm(home, { recursive: true, force: true })
})

it('a move of production by another process reaches the terminal and the webhook, and Ctrl-C ends the command', async () => {
  const { port } = server.address() as AddressInfo
  const environment = {
    SLIPWAY_PROJECTS: TOY_PROJECT,
    SLIPWAY_WEBHOOK_URL: `http://127.0.0.1:${port}/`,
    SLIPWAY_WEBHOOK_SECRET: 'known to both',
  }
  running = startSlipway(['notify'], home, environment)
  await running.until(/sending notices to webhook .* and terminal/)
  const init = await slipway(['project', 'init', 'toy', '--by', 'ana'], { ...environment, SLIPWAY_HOME: home })
  expect(init).toMatchObject({ code: 0 })
  const notice = await eventually('the notice', async () => received[0])
  expect(notice).toMatchObject({ event: 'production_moved', project: 'toy' })
  await running.until(/production of toy moved from nothing to toy_v1/)
  running.signal('SIGINT')
  expect(await running.ended).toBe(0)
})

it('a webhook without its secret is refused in one line', async () => {
  const { code, stderr } = await slipway(['notify'], { SLIPWAY_HOME: home, SLIPWAY_WEBHOOK_URL: 'http://127.0.0.1:9/' })
  expect(code).toBe(2)
  expect(stderr).toMatch(/SLIPWAY_WEBHOOK_SECRET is not set/)
})

it('with SLIPWAY_LOG=json each line that it reports is an object, and another format is refused', async () => {
  const json = startSlipway(['notify'], home, { SLIPWAY_PROJECTS: TOY_PROJECT, SLIPWAY_LOG: 'json' })
  try {
    const [line] = await json.until(/^\{.*sending notices.*\}$/m)
    expect(JSON.parse(line)).toMatchObject({ level: 'info', service: 'notify', pid: json.pid })
    expect(Date.parse((JSON.parse(line) as { time: string }).time)).toBeGreaterThan(0)
    json.signal('SIGTERM')
    expect(await json.ended).toBe(0)
    for (const one of json.output().trim().split('\n')) expect(JSON.parse(one)).toHaveProperty('msg')
  } finally {
    await json.clear()
  }
  const refused = await slipway(['notify'], { SLIPWAY_HOME: home, SLIPWAY_LOG: 'xml' })
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('SLIPWAY_LOG is "xml"') as string })
})
