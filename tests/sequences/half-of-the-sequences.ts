/**
 * Half of the random sequences of triggers, operator actions, breaches, traffic, labels, lost workers and time jumps
 * against the real workflow, registry and decision service. The halves are two test files, so that they run
 * concurrently. SLIPWAY_SEQUENCES is the total of both, 300 in CI. SLIPWAY_SEED and SLIPWAY_PATH, which a failure
 * prints, repeat one sequence. Without a seed the commit gives it: a run of CI can be repeated, and each commit plays
 * other sequences.
 */
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { testDatabase } from '../support/database.js'
import { closeable } from '../support/harness.js'
import { quietRuntime } from '../support/quiet-runtime.js'
import { seedOfCommit } from '../support/seed-of-commit.js'
import { play } from './play.js'
import { openTrack, type Track } from './system/server-track.js'

const TRACKS = 2
const { SLIPWAY_SEQUENCES, SLIPWAY_SEED, SLIPWAY_PATH: path, CI } = process.env
const total = Number(SLIPWAY_SEQUENCES ?? (CI ? 300 : 60))

/** @param half 0 or 1. A single repeated sequence is played by half 0 only. */
export function testHalfOfTheSequences(half: 0 | 1): void {
  const first = Number(SLIPWAY_SEED ?? seedOfCommit())
  const seed = path === undefined ? first + half * TRACKS : first
  const sequences = half === 0 ? Math.ceil(total / 2) : Math.floor(total / 2)
  const mine = sequences > 0 && (path === undefined || half === 0)

  let on: { tracks: Track[]; close(): Promise<void> } | undefined
  beforeAll(async () => {
    if (mine) on = await openTracks(seed, sequences)
  })
  afterAll(() => on?.close())

  it.runIf(mine)(
    `keeps all invariants in ${sequences} random sequences, half ${half + 1} of SLIPWAY_SEED=${first}`,
    { timeout: 3_600_000 },
    async () => {
      const tracks = on?.tracks ?? []
      const began = performance.now()
      const before = process.cpuUsage()
      // A track that replays histories takes several times as long.
      const replayed = tracks.length === 1 ? sequences : Math.ceil(sequences / 10)
      const others = Math.ceil((sequences - replayed) / Math.max(1, tracks.length - 1))
      const played = await Promise.allSettled(
        tracks.map((track, index) =>
          play(track, {
            seed: seed + index,
            sequences: track.replays || tracks.length === 1 ? replayed : others,
            ...(path === undefined ? {} : { path }),
          }),
        ),
      )
      const { user, system } = process.cpuUsage(before)
      const took = [(performance.now() - began) / 1_000, (user + system) / 1e6].map((seconds) => seconds.toFixed(0))
      console.log(
        `${sequences} sequences, seed ${seed}: ${took[0]} s, ${took[1]} s of processor time beside the servers`,
      )
      const failures = played.flatMap((track) => (track.status === 'rejected' ? [track.reason as Error] : []))
      if (failures.length > 0) throw new AggregateError(failures, failures.map(({ message }) => message).join('\n\n'))
      expect((await tracks[0]?.registry.ledger.verify())?.problems).toEqual([])
    },
  )
}

function openTracks(seed: number, sequences: number): Promise<{ tracks: Track[]; close(): Promise<void> }> {
  quietRuntime()
  return closeable(async (opened) => {
    const database = await testDatabase()
    opened.push(() => database.stop())
    const artifactsFolder = mkdtempSync(join(tmpdir(), 'slipway-artifacts-'))
    opened.push(() => rm(artifactsFolder, { recursive: true, force: true }))
    const tracks: Track[] = []
    const most = path === undefined ? Math.min(TRACKS, Math.ceil(sequences / 10)) : 1
    // Sequentially, because each server must start within five seconds.
    while (tracks.length < most) {
      // The seed decides which track replays, so that the seed alone repeats a failure.
      const replays = (seed + tracks.length) % TRACKS === 0
      const track = await openTrack({ databaseUrl: database.url, artifactsFolder, replays })
      opened.push(() => track.close())
      tracks.push(track)
    }
    return { tracks }
  })
}
