/** Connections, disks, clocks and builds that fail, and how that ends. */
import { closeSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { FaultRelay, Weather } from '../support/fault-relay.js'
import { eventually } from '../support/steer.js'
import type { ChaosSystem, Part, Relays } from './chaos-system.js'
import { type Strikes, type Struck, TOO_LONG_MS, workerOf } from './faults.js'

type PartOf = (on: ChaosSystem) => Part
const service: PartOf = (on) => on.service()

/** For longer than each time-out. What was sent meanwhile never arrives, also on connections that stay open. */
async function breaks(relay: FaultRelay, weather: Weather): Promise<Struck> {
  relay.become(weather)
  await pause(TOO_LONG_MS)
  return { before: async () => relay.become('fair') }
}

const between = (weather: Weather): Strikes => {
  const strike = (part: PartOf, server: keyof Relays) => (on: ChaosSystem) => breaks(part(on).relays[server], weather)
  return {
    'worker → PostgreSQL': strike(workerOf, 'postgres'),
    'worker → Temporal': strike(workerOf, 'temporal'),
    'worker → S3': strike(workerOf, 's3'),
    'decision service → PostgreSQL': strike(service, 'postgres'),
    'decision service → S3': strike(service, 's3'),
  }
}
export const SILENT = between('silent')
export const BROKEN = between('refusing')

/** Until some requests have failed. */
const failing = (part: PartOf) => async (on: ChaosSystem) => {
  const { s3 } = part(on).relays
  s3.become('failing')
  return {
    async during() {
      await eventually('requests to S3 that fail', async () => s3.met() > 5)
      s3.become('fair')
    },
  }
}
export const FAILING_S3: Strikes = { 'worker → S3': failing(workerOf), 'decision service → S3': failing(service) }

const slow = (part: PartOf) => async (on: ChaosSystem) => {
  const { s3 } = part(on).relays
  s3.become('slow')
  return { after: async () => s3.become('fair') }
}
export const SLOW_S3: Strikes = { 'worker → S3': slow(workerOf), 'decision service → S3': slow(service) }

/** Writes until nothing fits any more. @returns what makes room again */
function fill(folder: string): () => void {
  const file = join(folder, 'filler')
  const descriptor = openSync(file, 'w')
  // Smaller and smaller: the last bytes too.
  for (const bytes of [1 << 20, 4_096, 1])
    try {
      for (const block = Buffer.alloc(bytes, 1); ; ) writeSync(descriptor, block)
    } catch {
      // ENOSPC
    }
  closeSync(descriptor)
  return () => rmSync(file)
}

export const FULL_DISK: Strikes = {
  /** What it trains cannot be written. */
  async worker({ disk }) {
    const makeRoom = fill(disk)
    return {
      async during() {
        await pause(TOO_LONG_MS)
        makeRoom()
      },
    }
  },
  /** Nor can decisions be written elsewhere: none may be answered. */
  async 'decision service'(on) {
    const makeRoom = fill(on.disk)
    const { postgres } = service(on).relays
    postgres.become('refusing')
    await pause(TOO_LONG_MS / 2)
    return {
      async before() {
        makeRoom()
        await pause(TOO_LONG_MS / 4)
        postgres.become('fair')
      },
    }
  },
}

const HOUR_MS = 3_600_000
const jump = (part: PartOf, ms: number) => async (on: ChaosSystem) => {
  const shift = (by: number) => writeFileSync(join(part(on).home, 'clock'), String(by))
  shift(ms)
  await pause(1_000)
  return { before: async () => shift(0) }
}
/** There and back while the stage lasts: an hour of wall time is a century of a release whose day takes .1 s. */
export const CLOCK: Strikes = {
  'worker, +1 h': jump(workerOf, HOUR_MS),
  'worker, −1 h': jump(workerOf, -HOUR_MS),
  'decision service, +1 h': jump(service, HOUR_MS),
  'decision service, −1 h': jump(service, -HOUR_MS),
}

export const TWO_BUILDS: Strikes = {
  /** The earlier build finishes the activity that it has, and the next one continues. */
  async worker(on) {
    const earlier = workerOf(on)
    const next = on.build() === 'first' ? 'second' : 'first'
    await on.startWorker(next)
    await on.makeCurrent(next)
    return { after: () => earlier.end() }
  },
}
