/**
 * `npm run bench:serving`: throughput and latency of logged decisions by the ETA network, compared with the same server
 * without scoring and log; the log writer alone; memory over a million decisions (SLIPWAY_BENCH_DECISIONS for fewer);
 * latency of alias moves. All in one run on one machine. `-- --only shadow` measures only what a shadow costs
 * production.
 */
import { parseArgs } from 'node:util'
import { moveLatencies } from './alias-moves.js'
import { type BenchServices, openServices, startServer } from './bench-services.js'
import { decisionBodies } from './bodies.js'
import { type Load, load } from './client.js'
import { logWriterRate } from './log-writer.js'
import { type Measured, residentMb } from './process-usage.js'
import { medianOf, shadowCost } from './shadow.js'
import { bareThroughput, DECISIONS_PATH, REQUESTS, throughputOf } from './throughput.js'

const { only } = parseArgs({ options: { only: { type: 'string' } } }).values
if (only !== undefined && only !== 'shadow') throw new RangeError(`--only is "${only}": must be shadow`)
const TOTAL = Number(process.env.SLIPWAY_BENCH_DECISIONS ?? 1_000_000)
const FIRST = Math.min(100_000, Math.floor(TOTAL / 10))
const print = (text: string) => process.stdout.write(`${text}\n`)
/** Answers other than 200 of the whole run, by reason: with unexplained ones the numbers are invalid. */
const refusals = new Map<string, number>()
let refusedInTotal = 0
async function loaded(...args: Parameters<typeof load>): Promise<Load> {
  const result = await load(...args)
  refusedInTotal += result.refused
  for (const [why, count] of result.refusals) refusals.set(why, (refusals.get(why) ?? 0) + count)
  return result
}
const rows = (text: string, { answered, refused, seconds, p50, p99, perCore }: Measured) =>
  print(
    `${text.padEnd(44)} ${Math.round(answered / seconds)
      .toString()
      .padStart(
        7,
      )} /s   p50 ${p50.toFixed(1)} ms   p99 ${p99.toFixed(1)} ms   ${Math.round(perCore)} /s of core time   ${refused} refused`,
  )

const services = await openServices()
const stops: (() => Promise<void>)[] = [() => services.stop()]
let missed = 0
const expectAtLeast = (what: string, value: number, expected: number, holds = value >= expected) => {
  if (!holds) missed += 1
  print(`${holds ? 'holds ' : 'MISSED'} ${what}: ${value.toPrecision(4)} (expected ${expected})`)
}
try {
  const bodies = await decisionBodies()
  const body = (index: number) => bodies[index % bodies.length] ?? ''

  if (only === undefined) await throughput(body)
  await inShadow(body)
  if (only === undefined) await aliasMoves(body)
} finally {
  for (const stop of stops.reverse()) await stop().catch(() => {})
}
if (missed > 0) process.exitCode = 1

type Body = (index: number) => string

async function throughput(body: Body): Promise<void> {
  const { most: bareMost, steady: bareSteady } = await bareThroughput(body)
  rows('without scoring and log, at full speed', bareMost)
  rows('without scoring and log, 3,000 a second', bareSteady)

  const server = await startServer('slipway', services.environment)
  stops.push(server.stop)
  const { most, steady } = await throughputOf(server, body, REQUESTS, loaded)
  rows('decisions, scored and logged, at full speed', most)
  rows('decisions, scored and logged, 3,000 a second', steady)
  print(
    `ratio: ${(most.answered / most.seconds / (bareMost.answered / bareMost.seconds)).toFixed(2)} of the bare server's throughput, p99 at 3,000/s is ${(steady.p99 / bareSteady.p99).toFixed(1)} times as high`,
  )
  print(`ratio: ${(most.perCore / bareMost.perCore).toFixed(2)} of the bare server's decisions a second of core time`)
  expectAtLeast('decisions a second of core time', most.perCore, 3_000)
  expectAtLeast('decisions a second of wall time', most.answered / most.seconds, 3_000)
  expectAtLeast('p99 below 25 ms at 3,000 a second', steady.p99, 25, steady.p99 < 25)

  const before = REQUESTS.warm + REQUESTS.most + REQUESTS.steady
  await loaded(server.url, DECISIONS_PATH, { connections: 64, requests: Math.max(0, FIRST - before), body })
  const early = residentMb(server.pid)
  const begun = performance.now()
  let sent = Math.max(FIRST, before)
  while (sent < TOTAL) {
    const requests = Math.min(100_000, TOTAL - sent)
    await loaded(server.url, DECISIONS_PATH, { connections: 64, requests, body })
    sent += requests
    print(
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
  const { decisions } = await count(services)
  for (const [why, count] of refusals) print(`  not answered: ${count} times ${why}`)
  expectAtLeast(
    `no decision lost: ${decisions} rows for ${sent - refusedInTotal} answers`,
    decisions / (sent - refusedInTotal),
    1,
    decisions === sent - refusedInTotal,
  )

  expectAtLeast('log writer, rows a second', await logWriterRate(services), 8_000)
}

async function inShadow(body: Body): Promise<void> {
  const { ratios, without, inShadow: p99, used, disturbed, counts } = await shadowCost(services, body)
  const percent = (share: number) => `${Math.round(share * 100)} %`
  print(
    `candidate in the shadow of all entities, 1,000 a second: p99 ${p99.toFixed(1)} ms, without ${without.toFixed(1)} ms (medians); ${percent(used.inShadow)} of the machine used, without ${percent(used.without)}; ${JSON.stringify(counts)}`,
  )
  print(
    `  p99 with ÷ without: ${ratios.map((ratio) => ratio.toFixed(2)).join(' ')}; ${disturbed} pairs of rounds were disturbed by other processes`,
  )
  const ratio = medianOf(ratios)
  expectAtLeast('p99 with shadow ÷ without, at most 1.1', ratio, 1.1, ratio <= 1.1)
}

async function aliasMoves(body: Body): Promise<void> {
  const latencies = await moveLatencies(services, DECISIONS_PATH, body(0))
  const at = (share: number) =>
    latencies[Math.min(latencies.length - 1, Math.floor(share * latencies.length))] ?? Number.NaN
  print(
    `alias moves, two gateways: p50 ${at(0.5).toFixed(1)} ms, p99 ${at(0.99).toFixed(1)} ms over ${latencies.length}`,
  )
  expectAtLeast('p99 from commit to the first decision below 250 ms', at(0.99), 250, at(0.99) < 250)
}

async function count({ registry }: BenchServices): Promise<{ decisions: number }> {
  const cohorts = await registry.evidence.cohorts({
    project: 'eta',
    workflowId: '',
    asOf: Date.now() + 60_000,
    labelHorizonMs: 1,
    source: 'live',
  })
  return { decisions: cohorts.reduce((sum, { exposed }) => sum + exposed, 0) }
}
