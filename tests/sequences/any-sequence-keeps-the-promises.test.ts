/**
 * Random sequences of triggers, words, breaches, traffic, labels, lost workers and time jumps against the real workflow, registry and
 * decision service. SLIPWAY_SEQUENCES says how many, 300 on a build machine; SLIPWAY_SEED and SLIPWAY_PATH, as a failure prints them, play one again.
 */
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { testDatabase } from '../support/database.js'
import { closeable } from '../support/harness.js'
import { quietRuntime } from '../support/quiet-runtime.js'
import { play } from './play.js'
import { type Lane, openLane } from './world/lane.js'

const LANES = 3
const { SLIPWAY_SEQUENCES, SLIPWAY_SEED, SLIPWAY_PATH, CI } = process.env
const sequences = Number(SLIPWAY_SEQUENCES ?? (CI ? 300 : 60))
const path = SLIPWAY_PATH
const seed = Number(SLIPWAY_SEED ?? Math.floor(Math.random() * 2 ** 31))

let on: { lanes: Lane[]; close(): Promise<void> }
beforeAll(async () => {
  quietRuntime()
  on = await closeable(async (opened) => {
    const database = await testDatabase()
    opened.push(() => database.stop())
    const artifactsFolder = mkdtempSync(join(tmpdir(), 'slipway-artifacts-'))
    opened.push(() => rm(artifactsFolder, { recursive: true, force: true }))
    const lanes: Lane[] = []
    const most = path === undefined ? Math.min(LANES, Math.ceil(sequences / 10)) : 1
    // One after the other: a server must come up within five seconds.
    while (lanes.length < most) {
      // One of three replays; which one is the seed's to say, so that it says it again.
      const replays = (seed + lanes.length) % LANES === 0
      const lane = await openLane({ databaseUrl: database.url, artifactsFolder, replays })
      opened.push(() => lane.close())
      lanes.push(lane)
    }
    return { lanes }
  })
})
afterAll(() => on?.close())

it(`keeps every promise in ${sequences} random sequences, seed ${seed}`, {
  retry: 0,
  timeout: 3_600_000,
}, async () => {
  const began = performance.now()
  const before = process.cpuUsage()
  // Replaying a history at each task takes several times as long.
  const replayed = on.lanes.length === 1 ? sequences : Math.ceil(sequences / 10)
  const others = Math.ceil((sequences - replayed) / Math.max(1, on.lanes.length - 1))
  const played = await Promise.allSettled(
    on.lanes.map((lane, index) =>
      play(lane, {
        seed: seed + index,
        sequences: lane.replays || on.lanes.length === 1 ? replayed : others,
        ...(path === undefined ? {} : { path }),
      }),
    ),
  )
  const { user, system } = process.cpuUsage(before)
  const took = [(performance.now() - began) / 1_000, (user + system) / 1e6].map((seconds) => seconds.toFixed(0))
  console.log(`${sequences} sequences, seed ${seed}: ${took[0]} s, ${took[1]} s of processor time beside the servers`)
  const failures = played.flatMap((lane) => (lane.status === 'rejected' ? [lane.reason as Error] : []))
  if (failures.length > 0) throw new AggregateError(failures, failures.map(({ message }) => message).join('\n\n'))
  expect((await on.lanes[0]?.registry.ledger.verify())?.problems).toEqual([])
})
