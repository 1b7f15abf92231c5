/** Data that are sent to the decision service: as file and as tar, by requests and by the command line. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newToken } from '../../http/index.js'
import type { Project } from '../../projects/project.js'
import { checkSource } from '../../releases/check-source.js'
import { createSources } from '../../releases/sources/open-sources.js'
import { type Gateway, openWorld, type World } from '../serving/support.js'
import { TOY_PROJECT } from '../support/harness.js'
import { slipway } from '../support/slipway.js'
import { project } from '../toy-project/index.js'

const SNAPSHOTS = '/v1/projects/toy/snapshots'
const MOST = 300_000
const tokens = (['operate', 'read'] as const).map((role) => newToken(role, [role]))
const bearer = (name: string) => ({
  authorization: `Bearer ${tokens.find(({ token }) => token.name === name)?.secret}`,
})

/** Reads a file, or the files of a folder; one that says `bad` cannot be used. */
const reading: Project = {
  ...(project as Project),
  importSnapshot({ source = '', cutoff, outFolder, problems }) {
    const files = source.endsWith('.csv') ? [source] : readdirSync(source).map((name) => join(source, name))
    for (const file of files)
      if (readFileSync(file, 'utf8').startsWith('bad')) problems?.add('a row is bad', file.slice(-5))
    return (project as Project).importSnapshot({ cutoff, outFolder })
  },
}

let world: World
let gateway: Gateway
let data: string
let hold: Promise<void> | undefined
beforeAll(async () => {
  world = await openWorld()
  data = join(world.folder, 'data', 'photos')
  mkdirSync(data, { recursive: true })
  writeFileSync(join(data, 'labels.csv'), 'file\n1.jpg\n')
  writeFileSync(join(data, '1.jpg'), 'a photo')
  gateway = await world.gateway({
    tokens: tokens.map(({ token }) => token),
    projects: new Map([['toy', reading]]),
    // The server's own limits are far below what data may take.
    requestTimeoutMs: 500,
    bodyBytes: 1_000,
    snapshots: {
      folder: join(world.folder, 'uploads'),
      most: MOST,
      async check(_project, path, cutoff) {
        await hold
        return checkSource(reading, path, cutoff)
      },
    },
  })
})
afterAll(() => world?.stop())

interface Sent {
  readonly query?: Record<string, string>
  readonly type?: string
  readonly token?: string
}

async function send(
  body: NonNullable<RequestInit['body']>,
  { query = { name: 'a.csv' }, type = 'application/octet-stream', token = 'operate' }: Sent = {},
) {
  const response = await fetch(`${gateway.url}${SNAPSHOTS}?${new URLSearchParams(query)}`, {
    method: 'POST',
    body,
    headers: { 'content-type': type, ...bearer(token) },
    ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}
const tarOf = (...args: string[]): Buffer => execFileSync('tar', ['-c', '-C', ...args])
const tar = { type: 'application/x-tar', query: { name: 'photos' } }
const recorded = async () => (await world.registry.ledger.entries('toy', { kind: 'source' })).length

it('the same folder has the same digest however it comes: as tar with or without its name, and by the command line', async () => {
  const [bare, named] = [await send(tarOf(data, '.'), tar), await send(tarOf(join(data, '..'), 'photos'), tar)]
  expect(bare).toMatchObject({ status: 201, body: { project: 'toy', name: 'photos', files: 2, bytes: 18 } })
  expect(named.body.snapshot).toBe(bare.body.snapshot)
  const command = ['--projects', TOY_PROJECT, 'snapshot', 'add', 'toy', data, '--by', 'ana', '--json']
  const secret = tokens.find(({ token }) => token.name === 'operate')?.secret ?? ''
  const sent = await slipway([...command, '--server', gateway.url], {
    SLIPWAY_HOME: join(world.folder, 'home'),
    SLIPWAY_TOKEN: secret,
  })
  expect(sent).toMatchObject({ code: 0 })
  expect(JSON.parse(sent.stdout)).toMatchObject({ snapshot: bare.body.snapshot, files: 2 })
  const [entry] = (await world.registry.ledger.entries('toy', { kind: 'source' })).slice(-1)
  expect(entry?.body).toMatchObject({ by: 'ana (token operate)' })
  const sources = createSources({ artifacts: world.artifacts, workFolder: join(world.folder, 'worker') })
  expect(readFileSync(join(await sources.pathOf(String(bare.body.snapshot)), '1.jpg'), 'utf8')).toBe('a photo')
})

it('a body may come in pieces and slower than other requests, and beyond the limit of other bodies', async () => {
  const pieces = new ReadableStream<Uint8Array>({
    async start(controller) {
      for (let piece = 0; piece < 4; piece += 1) {
        controller.enqueue(Buffer.alloc(50_000, 'x'))
        await new Promise((resolve) => setTimeout(resolve, 300))
      }
      controller.close()
    },
  })
  expect(await send(pieces)).toMatchObject({ status: 201, body: { bytes: 200_000, files: 1 } })
})

it('what cannot be used or is not allowed is refused, and nothing of it stays', async () => {
  const before = await recorded()
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(Buffer.alloc(50_000, 'x')),
  })
  const refused: [Promise<{ status: number; body: Record<string, unknown> }>, number, RegExp][] = []
  const add = async (sent: ReturnType<typeof send>, status: number, says: RegExp) =>
    void refused.push([Promise.resolve(await sent), status, says])
  await add(send('bad'), 422, /a\.csv cannot be used by toy: a row is bad/)
  await add(send(''), 400, /body is empty/)
  await add(send('x', { query: { name: '../a.csv' } }), 400, /has a folder/)
  await add(send('x', { query: { name: '..' } }), 400, /leads out of its folder/)
  await add(send('x', { query: {} }), 400, /name/)
  await add(send('x', { type: 'text/plain' }), 415, /send application\/octet-stream/)
  await add(send('not a tar', tar), 400, /tar file cannot be used/)
  await add(send('x', { token: 'read' }), 403, /operate/)
  await add(send('x'.repeat(MOST + 1)), 413, /more than 300000 bytes/)
  await add(
    send(endless).catch(() => ({ status: 413, body: { detail: 'more than 300000 bytes: cut off' } })),
    413,
    /more than 300000 bytes/,
  )
  for (const [sent, status, says] of refused)
    expect(await sent).toMatchObject({ status, body: { detail: expect.stringMatching(says) as string } })
  expect(await recorded()).toBe(before)
  const left = () =>
    readdirSync(join(world.folder, 'uploads'), { recursive: true, encoding: 'utf8' }).filter(
      (name) => name !== 'packing',
    )
  // A client whose connection was closed knows that before the service has removed what came.
  await expect.poll(left, { timeout: 60_000 }).toEqual([])
})

it('one is stored at a time: another is asked to come back', async () => {
  let release = () => {}
  hold = new Promise((resolve) => {
    release = resolve
  })
  // Both wait in the check until one of them was refused, whichever came first.
  const both = [send('x'), send('x')]
  const early = await Promise.race(both)
  release()
  hold = undefined
  expect(early).toMatchObject({ status: 503, body: { detail: expect.stringMatching(/another snapshot/) as string } })
  expect((await Promise.all(both)).map(({ status }) => status).sort()).toEqual([201, 503])
})
