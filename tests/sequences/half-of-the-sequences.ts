/**
 * Half of the random sequences of triggers, operator actions, breaches, traffic, labels, lost workers and time jumps
 * against the real workflow, registry and decision service. The halves are two test files, so that they run
 * concurrently. SLIPWAY_SEQUENCES is the total of both, 300 in CI. SLIPWAY_SEED and SLIPWAY_PATH, which a failure
 * prints, repeat one sequence.
 */
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { testDatabase } from '../support/database.js'
import { closeable } from '../support/harness.js'
import { quietRuntime } from '../support/quiet-runtime.js'
import { type Lane, openLane } from './lane/open-lane.js'
import { play } from './play.js'

const LANES = 2
const { SLIPWAY_SEQUENCES, SLIPWAY_SEED, SLIPWAY_PATH: path, CI } = process.env
const total = Number(SLIPWAY_SEQUENCES ?? (CI ? 300 : 60))

/** @param half 0 or 1. A single repeated sequence is played by half 0 only. */
export function testHalfOfTheSequences(half: 0 | 1): void {
  const first = Number(SLIPWAY_SEED ?? Math.floor(Math.random() * 2 ** 31))
  const seed = path === undefined ? first + half * LANES : first
  const sequences = half === 0 ? Math.ceil(total / 2) : Math.floor(total / 2)
  const mine = sequences > 0 && (path === undefined || half === 0)

  let on: { lanes: Lane[]; close(): Promise<void> } | undefined
  beforeAll(async () => {
    if (mine) on = await openLanes(seed, sequences)
  })
  afterAll(() => on?.close())

  it.runIf(mine)(
    `keeps every promise in ${sequences} random sequences, half ${half + 1} of SLIPWAY_SEED=${first}`,
    { timeout: 3_600_000 },
    async () => {
      const lanes = on?.lanes ?? []
      const began = performance.now()
      const before = process.cpuUsage()
      // A lane that replays histories takes several times as long.
      const replayed = lanes.length === 1 ? sequences : Math.ceil(sequences / 10)
      const others = Math.ceil((sequences - replayed) / Math.max(1, lanes.length - 1))
      const played = await Promise.allSettled(
        lanes.map((lane, index) =>
          play(lane, {
            seed: seed + index,
            sequences: lane.replays || lanes.length === 1 ? replayed : others,
            ...(path === undefined ? {} : { path }),
          }),
        ),
      )
      const { user, system } = process.cpuUsage(before)
      const took = [(performance.now() - began) / 1_000, (user + system) / 1e6].map((seconds) => seconds.toFixed(0))
      console.log(
        `${sequences} sequences, seed ${seed}: ${took[0]} s, ${took[1]} s of processor time beside the servers`,
      )
      const failures = played.flatMap((lane) => (lane.status === 'rejected' ? [lane.reason as Error] : []))
      if (failures.length > 0) throw new AggregateError(failures, failures.map(({ message }) => message).join('\n\n'))
      expect((await lanes[0]?.registry.ledger.verify())?.problems).toEqual([])
    },
  )
}

function openLanes(seed: number, sequences: number): Promise<{ lanes: Lane[]; close(): Promise<void> }> {
  quietRuntime()
  return closeable(async (opened) => {
    const database = await testDatabase()
    opened.push(() => database.stop())
    const artifactsFolder = mkdtempSync(join(tmpdir(), 'slipway-artifacts-'))
    opened.push(() => rm(artifactsFolder, { recursive: true, force: true }))
    const lanes: Lane[] = []
    const most = path === undefined ? Math.min(LANES, Math.ceil(sequences / 10)) : 1
    // Sequentially, because each server must start within five seconds.
    while (lanes.length < most) {
      // The seed decides which lane replays, so that the seed alone repeats a failure.
      const replays = (seed + lanes.length) % LANES === 0
      const lane = await openLane({ databaseUrl: database.url, artifactsFolder, replays })
      opened.push(() => lane.close())
      lanes.push(lane)
    }
    return { lanes }
  })
}
