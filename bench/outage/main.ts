/**
 * `npm run bench:outage`: what callers see while decision services are stopped, replaced and killed behind the proxy
 * with the configuration of Compose: 10,000 requests without an id of their own (SLIPWAY_BENCH_REQUESTS for fewer).
 * Fails unless each of them is answered and stored once. The proxy is `caddy` on the PATH, or SLIPWAY_CADDY.
 */

import { join } from 'node:path'
import { freePort } from '../../embedded/free-port.js'
import { programOnPath } from '../../embedded/temporal-binary.js'
import { openWorld } from '../../tests/serving/support.js'
import { TOY_PROJECT } from '../../tests/support/harness.js'
import { startSlipway } from '../../tests/support/slipway-process.js'
import { load } from './load.js'
import { startProxy } from './proxy.js'

const REQUESTS = Number(process.env.SLIPWAY_BENCH_REQUESTS ?? 10_000)
const caddy = process.env.SLIPWAY_CADDY || (await programOnPath('caddy'))
if (!caddy) {
  process.stderr.write(
    'caddy is not on the PATH; build it with: go install github.com/caddyserver/caddy/v2/cmd/caddy@v2.11.4\n',
  )
  process.exit(2)
}

const world = await openWorld({ own: true })
const names = ['a', 'b'] as const
type Name = (typeof names)[number]
const running = new Map<Name, ReturnType<typeof startSlipway>>()
const ports = { a: await freePort(), b: await freePort() }

/** @returns when it is ready */
async function start(name: Name): Promise<void> {
  const service = startSlipway(['serve'], join(world.folder, name), {
    SLIPWAY_DATABASE_URL: world.databaseUrl,
    SLIPWAY_ARTIFACTS: join(world.folder, 'artifacts'),
    SLIPWAY_PROJECTS: TOY_PROJECT,
    SLIPWAY_PORT: String(ports[name]),
  })
  running.set(name, service)
  await service.until(/decision service http/)
}
async function end(name: Name, signal: NodeJS.Signals): Promise<void> {
  running.get(name)?.signal(signal)
  await running.get(name)?.ended
}

const EVENTS: readonly [string, () => Promise<void>][] = [
  [
    'an upgrade, one after the other',
    async () => {
      for (const name of names) {
        await end(name, 'SIGTERM')
        await start(name)
      }
    },
  ],
  ...names.flatMap((name): [string, () => Promise<void>][] => [
    [
      `kill -9 of ${name}, and its next start`,
      async () => {
        await end(name, 'SIGKILL')
        await start(name)
      },
    ],
  ]),
  [
    'a stop of b, and its next start',
    async () => {
      await end('b', 'SIGTERM')
      await start('b')
    },
  ],
]

let proxy: Awaited<ReturnType<typeof startProxy>> | undefined
try {
  await Promise.all(names.map(start))
  proxy = await startProxy(caddy, ports)
  const during = load(`${proxy.url}/v1/projects/toy/decisions`)
  let events = 0
  for (let done = 0; done < REQUESTS; events += 1) {
    const [what, happens] = EVENTS[events % EVENTS.length] as (typeof EVENTS)[number]
    const before = during.counts()
    await happens()
    const after = during.counts()
    done = after.answered + after.failed
    process.stdout.write(
      `${what}: ${after.answered - before.answered} answered, ${after.failed - before.failed} failed\n`,
    )
  }
  const { answered, failed, firstFailure, slowestMs } = await during.end()
  const { rows } = await stored()
  process.stdout.write(
    `${answered + failed} requests through ${events} events: ${failed} failed, ${rows - answered} stored more than once, slowest ${Math.round(slowestMs)} ms\n`,
  )
  if (firstFailure) process.stdout.write(`the first failure: ${firstFailure}\n`)
  if (failed > 0 || rows !== answered) process.exitCode = 1
} finally {
  await proxy?.stop()
  for (const one of running.values()) await one.clear()
  await world.stop()
}

async function stored(): Promise<{ rows: number }> {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: world.databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ n: number }>('select count(*)::int as n from decisions')
    return { rows: rows[0]?.n ?? 0 }
  } finally {
    await client.end()
  }
}
