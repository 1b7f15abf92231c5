/**
 * `npm run bench:serving`: decisions a second and latency of the ETA network, logged, beside the same server that neither scores nor
 * logs; the log writer alone; memory over a million decisions (SLIPWAY_BENCH_DECISIONS for fewer). All of one run, on one machine.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { project } from '../../projects/eta/index.js'
import { createDecisionLog } from '../../serving/log/decision-log.js'
import { moveLatencies } from './alias-moves.js'
import { type BenchWorld, openWorld, type ServerProcess, startServer } from './bench-services.js'
import { type Load, load } from './client.js'

const PATH = '/v1/projects/eta/decisions'
const TOTAL = Number(process.env.SLIPWAY_BENCH_DECISIONS ?? 1_000_000)
const FIRST = Math.min(100_000, Math.floor(TOTAL / 10))
const say = (text: string) => process.stdout.write(`${text}\n`)
/** User and system time of a process, seconds: what a busy machine does not change. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}
async function measured(server: ServerProcess, run: () => Promise<Load>): Promise<Load & { perCore: number }> {
  const before = cpuSeconds(server.pid)
  const result = await run()
  return { ...result, perCore: result.answered / (cpuSeconds(server.pid) - before) }
}
/** Every answer that was not 200, of whatever part of the run: unexplained ones are no measurement. */
const refusals = new Map<string, number>()
let refusedInAll = 0
async function loaded(...args: Parameters<typeof load>): Promise<Load> {
  const result = await load(...args)
  refusedInAll += result.refused
  for (const [why, count] of result.refusals) refusals.set(why, (refusals.get(why) ?? 0) + count)
  return result
}
const rows = (text: string, { answered, refused, seconds, p50, p99, perCore }: Load & { perCore: number }) =>
  say(
    `${text.padEnd(44)} ${Math.round(answered / seconds)
      .toString()
      .padStart(
        7,
      )} /s   p50 ${p50.toFixed(1)} ms   p99 ${p99.toFixed(1)} ms   ${Math.round(perCore)} /s of its own core time   ${refused} refused`,
  )

const world = await openWorld()
const stops: (() => Promise<void>)[] = [() => world.stop()]
let missed = 0
const expectAtLeast = (what: string, value: number, wanted: number, holds = value >= wanted) => {
  if (!holds) missed += 1
  say(`${holds ? 'holds ' : 'MISSED'} ${what}: ${value.toPrecision(4)} (wanted ${wanted})`)
}
try {
  const bodies: string[] = []
  const from = Date.parse('2001-03-12')
  for await (const { entityKey, input } of project.replay({ from, to: from + 86_400_000 }))
    bodies.push(JSON.stringify({ entityKey, input }))
  const body = (index: number) => bodies[index % bodies.length] ?? ''

  const bare = await startServer('bare', {})
  stops.push(bare.stop)
  await load(bare.url, PATH, { connections: 32, requests: 5_000, body })
  const bareMost = await measured(bare, () => load(bare.url, PATH, { connections: 32, requests: 30_000, body }))
  const bareSteady = await measured(bare, () =>
    load(bare.url, PATH, { connections: 64, requests: 15_000, perSecond: 3_000, body }),
  )
  rows('without scoring and log, as fast as it goes', bareMost)
  rows('without scoring and log, 3,000 a second', bareSteady)
  await bare.stop()

  const server = await startServer('slipway', world.environment)
  stops.push(server.stop)
  await loaded(server.url, PATH, { connections: 32, requests: 5_000, body })
  const most = await measured(server, () => loaded(server.url, PATH, { connections: 64, requests: 30_000, body }))
  const steady = await measured(server, () =>
    load(server.url, PATH, { connections: 64, requests: 15_000, perSecond: 3_000, body }),
  )
  rows('decisions, scored and logged, as fast as it goes', most)
  rows('decisions, scored and logged, 3,000 a second', steady)
  say(
    `ratio: ${(most.answered / most.seconds / (bareMost.answered / bareMost.seconds)).toFixed(2)} of the bare server's throughput, p99 at 3,000/s ${(steady.p99 / bareSteady.p99).toFixed(1)} times its`,
  )
  say(`ratio: ${(most.perCore / bareMost.perCore).toFixed(2)} of the bare server's decisions a second of core time`)
  expectAtLeast('decisions a second of core time', most.perCore, 3_000)
  expectAtLeast('decisions a second as it went', most.answered / most.seconds, 3_000)
  expectAtLeast('p99 below 25 ms at 3,000 a second', steady.p99, 25, steady.p99 < 25)

  const before = 5_000 + 30_000 + 15_000
  await loaded(server.url, PATH, { connections: 64, requests: Math.max(0, FIRST - before), body })
  const early = residentMb(server.pid)
  const begun = performance.now()
  let sent = Math.max(FIRST, before)
  while (sent < TOTAL) {
    const requests = Math.min(100_000, TOTAL - sent)
    await loaded(server.url, PATH, { connections: 64, requests, body })
    sent += requests
    say(
      `  ${sent} decisions after ${((performance.now() - begun) / 1_000).toFixed(0)} s: ${residentMb(server.pid).toFixed(0)} MB`,
    )
  }
  const late = residentMb(server.pid)
  expectAtLeast(
    `memory over ${sent} decisions within 20 % of ${early.toFixed(0)} MB after ${FIRST}`,
    late / early,
    1.2,
    late / early <= 1.2,
  )
  await server.stop()
  const { decisions } = await count(world)
  for (const [why, count] of refusals) say(`  not answered: ${count} times ${why}`)
  expectAtLeast(
    `no decision lost: ${decisions} rows for ${sent - refusedInAll} answers`,
    decisions / (sent - refusedInAll),
    1,
    decisions === sent - refusedInAll,
  )

  await writer(world)

  const latencies = await moveLatencies(world, PATH, body(0))
  const at = (share: number) =>
    latencies[Math.min(latencies.length - 1, Math.floor(share * latencies.length))] ?? Number.NaN
  say(`alias moves, two gateways: p50 ${at(0.5).toFixed(1)} ms, p99 ${at(0.99).toFixed(1)} ms over ${latencies.length}`)
  expectAtLeast('p99 from commit to the first decision below 250 ms', at(0.99), 250, at(0.99) < 250)
} finally {
  for (const stop of stops.reverse()) await stop().catch(() => {})
}
if (missed > 0) process.exitCode = 1

async function writer({ registry, folder }: BenchWorld): Promise<void> {
  const log = createDecisionLog('eta', registry, { spoolFolder: join(folder, 'spool'), limits: { queue: 100_000 } })
  const wanted = 100_000
  const begun = performance.now()
  const writes: Promise<unknown>[] = []
  for (let index = 0; index < wanted; index += 1) {
    const decisionId = `writer-${index}`
    writes.push(
      log.write({
        decisionId,
        fresh: true,
        workflowId: '',
        releaseId: 'eta_v2',
        arm: 'production',
        source: 'live',
        entityHash: '0'.repeat(32),
        eventAt: Date.now(),
        output: { probability: 0.123456 },
        action: 'none',
        input: { scheduled: 9843552e5, carrier: '', origin: 'ORD', destination: 'LAX', distance: 1745 },
        inputDigest: `sha256:${'0'.repeat(64)}`,
      }),
    )
    if (index % 1_000 === 999) await new Promise((resolve) => setImmediate(resolve))
  }
  await Promise.all(writes)
  await log.close()
  expectAtLeast('log writer, rows a second', (wanted / (performance.now() - begun)) * 1_000, 8_000)
}

async function count({ registry }: BenchWorld): Promise<{ decisions: number }> {
  const cohorts = await registry.evidence.cohorts({
    project: 'eta',
    workflowId: '',
    asOf: Date.now() + 60_000,
    labelHorizonMs: 1,
    source: 'live',
  })
  return { decisions: cohorts.reduce((sum, { exposed }) => sum + exposed, 0) }
}

function residentMb(pid: number): number {
  const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kib) / 1024
}
