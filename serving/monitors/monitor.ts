/**
 * The fast guardrails over what this gateway answered, per project and arm: windows of data health and rollback events
 * in event time, of service health in wall time. A breach is stored with the numbers that made it fire, and then its
 * run is signalled.
 */

import { eventNow } from '../../contracts/clock.js'
import { durationMs } from '../../contracts/duration.js'
import { isLive } from '../../contracts/evidence-source.js'
import type { ExposedRun } from '../../contracts/exposure.js'
import { breachKey } from '../../contracts/ledger/index.js'
import type { BreachNote } from '../../contracts/messages.js'
import { ARMS, type Arm } from '../../contracts/names.js'
import type { MonitorSignal } from '../../contracts/types.js'
import { armsOf } from '../../exposure/arms.js'
import { breachesOf, type FiredBreach, type Measured, notYetStored } from '../../exposure/breaches.js'
import type { MonitorWindow } from '../../projects/project.js'
import type { Registry } from '../../registry/index.js'
import { challengerOf, type Tuples } from '../aliases/loaded-releases.js'
import { createRecent } from './recent.js'
import { type Served, serviceHealth } from './service-health.js'

const KEPT_DECISIONS = 5_000
const KEPT_SERVED = 20_000

type Seen = MonitorWindow['decisions'][number]

export interface Monitor {
  decided(arm: Arm, decision: Seen): void
  served(arm: Arm, served: Served): void
  /**
   * Measures all windows that end now. Stores breaches if a run is judged on live traffic. @returns the breaches stored
   */
  look(tuples: Tuples): Promise<FiredBreach[]>
  /** The numbers of the last look, by arm and signal. */
  readonly latest: ReadonlyMap<string, Measured>
}

export interface MonitorOptions {
  readonly registry: Pick<Registry, 'ledger'> & { readonly exposure: Pick<Registry['exposure'], 'hold'> }
  readonly now: () => number
  /**
   * Signals a run to look now, with the greatest power of the stored breaches. May fail: the run also looks by itself,
   * later.
   */
  readonly signalBreach: (workflowId: string, power: BreachNote['power']) => Promise<void>
}

export function createMonitor({ registry, now, signalBreach }: MonitorOptions): Monitor {
  const decisions = createRecent<Seen>(KEPT_DECISIONS)
  const serving = createRecent<Served>(KEPT_SERVED)
  const latest = new Map<string, Measured>()
  let run = ''
  let storing: Promise<unknown> = Promise.resolve()

  const measure = (tuples: Tuples, arm: Arm, window: string, wall: boolean, end: number): Measured => {
    const from = end - durationMs(window)
    if (wall) {
      const served = serving.since(arm, from)
      return { arm, from, to: end, decisions: served.length, numbers: { ...serviceHealth(served) } }
    }
    const seen = decisions.since(arm, from)
    const numbers = seen.length === 0 ? {} : tuples.project.measure({ arm, from, to: end, decisions: seen })
    return { arm, from, to: end, decisions: seen.length, numbers }
  }

  return {
    latest,
    decided: (arm, decision) => decisions.add(arm, decision),
    served: (arm, one) => serving.add(arm, one),
    async look(tuples) {
      const exposed = tuples.record.run
      const live = exposed && isLive(exposed.input.trigger) ? exposed : null
      const phase = live ? `${live.workflowId} ${live.phase}` : ''
      // In another phase the arm's name meant another release.
      if (phase !== run) {
        decisions.clear()
        serving.clear()
      }
      run = phase
      latest.clear()
      const wallNow = now()
      const event = live ? eventNow(live.input.clock, wallNow) : wallNow
      const fired: FiredBreach[] = []
      const compared = live && armsOf(live.phase)
      for (const signal of signalsOf(tuples)) {
        const wall = signal.clock === 'service_health'
        const all = new Map(
          ARMS.map((arm) => [arm, measure(tuples, arm, signal.window, wall, wall ? wallNow : event)] as const),
        )
        for (const [arm, measured] of all) {
          if (measured.decisions === 0) continue
          latest.set(`${arm} ${signal.name}`, measured)
          // With nothing to be compared with, both arms would be paused for what the data does.
          if (signal.beyondReference !== undefined && arm !== compared?.challenger) continue
          fired.push(...breachesOf([signal], measured, event, compared ? all.get(compared.reference) : undefined))
        }
      }
      if (!live) return []
      // One after the other: two looks at the same time would not see each other's breaches, and store one event twice.
      const stored = storing
        .catch(() => {})
        .then(() => store(registry, live, tuples.record.project, signalsOf(tuples), fired, signalBreach))
      storing = stored
      return stored
    },
  }
}

const signalsOf = (tuples: Tuples): MonitorSignal[] =>
  challengerOf(tuples).manifest.monitor.signals.filter(({ clock }) => clock !== 'delayed_quality')

async function store(
  registry: MonitorOptions['registry'],
  { workflowId, phase, input }: ExposedRun,
  project: string,
  signals: readonly MonitorSignal[],
  fired: readonly FiredBreach[],
  signalBreach: MonitorOptions['signalBreach'],
): Promise<FiredBreach[]> {
  if (fired.length === 0) return []
  // The ledger has wall time, as windows of service health; the other windows are event time.
  const windows = new Map(
    signals.map(({ name, clock, window }) => [
      name,
      durationMs(window) / (clock === 'service_health' ? 1 : input.clock.speed),
    ]),
  )
  // By the ledger's time: the instant of a breach is by the clock of the gateway that measured it.
  const now = Date.parse(await registry.ledger.time())
  // A lasting breach is stored once a window, for weeks: only those of the longest window are read.
  const since = new Date(now - Math.max(0, ...windows.values())).toISOString()
  const entries = await registry.ledger.entries(project, { kind: 'breach', subject: workflowId, since })
  const known = entries.map(({ body, at }) => ({ ...body, agoMs: now - Date.parse(at) }))
  const fresh = notYetStored(fired, known, ({ signal }) => windows.get(signal) ?? 0)
  for (const breach of fresh) {
    const key = breachKey(workflowId, breach)
    await registry.ledger.append({ project, kind: 'breach', subject: workflowId, key, body: { ...breach, phase } })
  }
  if (fresh.length === 0) return fresh
  // The look that acts on it may be far away: no worker may serve the project.
  await registry.exposure.hold({ project, workflowId })
  // The challenger is not responsible for the release it is compared with: there a breach only pauses.
  const rollsBack = fresh.some(({ arm, power }) => power === 'rollback' && arm === armsOf(phase).challenger)
  await signalBreach(workflowId, rollsBack ? 'rollback' : 'pause').catch(() => {})
  return fresh
}
