/** The fast guardrails over a replayed day: the same signals, windows and evaluation as for live traffic. */
import { durationMs } from '../../contracts/duration.js'
import type { ExposurePhase } from '../../contracts/exposure.js'
import { breachKey } from '../../contracts/ledger/index.js'
import type { Arm } from '../../contracts/names.js'
import type { MonitorSignal } from '../../contracts/types.js'
import { armsOf } from '../../exposure/arms.js'
import { breachesOf, type Measured } from '../../exposure/breaches.js'
import type { MonitorWindow, Project } from '../../projects/project.js'
import type { Registry } from '../../registry/index.js'

export type SeenDecision = MonitorWindow['decisions'][number]

interface ReplayedDay {
  readonly workflowId: string
  readonly phase: ExposurePhase
  /** Epoch ms of event time. */
  readonly from: number
  readonly to: number
  readonly signals: readonly MonitorSignal[]
  readonly seen: ReadonlyMap<Arm, readonly SeenDecision[]>
}

/**
 * Measures window by window, and stores the day's first breach of each signal and arm. Repeating a day stores the same
 * entries.
 */
export async function storeBreaches(registry: Registry, project: Project, day: ReplayedDay): Promise<void> {
  // Replayed events are not served, so service health has no latency and no errors to measure.
  const signals = day.signals.filter(({ clock }) => clock === 'data_health' || clock === 'rollback_event')
  const { workflowId } = day
  const { challenger } = armsOf(day.phase)
  for (const arm of day.seen.keys()) {
    for (const signal of signals) {
      // With nothing to be compared with, both arms would be paused for what the data does.
      if (signal.beyondReference !== undefined && arm !== challenger) continue
      const breach = firstBreach(project, day, signal, arm)
      if (!breach) continue
      const key = breachKey(workflowId, breach)
      await registry.ledger.append({ project: project.name, kind: 'breach', subject: workflowId, key, body: breach })
    }
  }
}

function firstBreach(project: Project, day: ReplayedDay, signal: MonitorSignal, arm: Arm) {
  const { from, to, phase, seen } = day
  const measured = (one: Arm, begin: number, end: number): Measured => {
    const inside = (seen.get(one) ?? []).filter(({ at }) => at >= begin && at < end)
    const numbers = project.measure({ arm: one, from: begin, to: end, decisions: inside })
    return { arm: one, from: begin, to: end, decisions: inside.length, numbers }
  }
  const window = Math.min(durationMs(signal.window), to - from)
  for (let begin = from; begin + window <= to; begin += window) {
    const end = begin + window
    const compares = signal.beyondReference !== undefined
    const reference = compares ? measured(armsOf(phase).reference, begin, end) : undefined
    const [breach] = breachesOf([signal], measured(arm, begin, end), end, reference)
    if (breach) return breach
  }
  return undefined
}
