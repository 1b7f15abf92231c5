/** The fast guardrails over a replayed day: the same signals, windows and evaluation as for live traffic. */
import { durationMs } from '../../contracts/duration.js'
import { breachKey } from '../../contracts/ledger/index.js'
import type { Arm } from '../../contracts/names.js'
import type { MonitorSignal } from '../../contracts/types.js'
import { breachesOf } from '../../exposure/breaches.js'
import type { MonitorWindow, Project } from '../../projects/project.js'
import type { Registry } from '../../registry/index.js'

export type SeenDecision = MonitorWindow['decisions'][number]

interface ReplayedDay {
  readonly workflowId: string
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
  for (const [arm, decisions] of day.seen) {
    for (const signal of signals) {
      const breach = firstBreach(project, day, signal, arm, decisions)
      if (!breach) continue
      const key = breachKey(workflowId, breach)
      await registry.ledger.append({ project: project.name, kind: 'breach', subject: workflowId, key, body: breach })
    }
  }
}

function firstBreach(
  project: Project,
  { from, to }: ReplayedDay,
  signal: MonitorSignal,
  arm: Arm,
  decisions: readonly SeenDecision[],
) {
  const window = Math.min(durationMs(signal.window), to - from)
  for (let begin = from; begin + window <= to; begin += window) {
    const end = begin + window
    const inside = decisions.filter(({ at }) => at >= begin && at < end)
    const numbers = project.measure({ arm, from: begin, to: end, decisions: inside })
    const measured = { arm, from: begin, to: end, decisions: inside.length, numbers }
    const [breach] = breachesOf([signal], measured, end)
    if (breach) return breach
  }
  return undefined
}
