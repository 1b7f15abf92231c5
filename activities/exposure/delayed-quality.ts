/**
 * The slow clock's own signals: what a challenger's final labels say in numbers of the project's, beside the loss that the judge
 * compares. Measured at each look over the days that are mature by then, and stored as a breach before the look reads breaches.
 */

import type { ExposureRequest } from '../../contracts/activities.js'
import { DAY_MS, durationMs } from '../../contracts/duration.js'
import { firstExposedDay } from '../../contracts/exposure.js'
import { type BreachBody, breachKey } from '../../contracts/ledger/index.js'
import type { MonitorSignal } from '../../contracts/types.js'
import { armsOf } from '../../exposure/arms.js'
import { breachesOf, type FiredBreach } from '../../exposure/breaches.js'
import { requireProject } from '../../projects/load.js'
import type { Project } from '../../projects/project.js'
import type { Dependencies } from '../dependencies.js'

interface Look {
  /** Epoch ms of event time. */
  readonly asOf: number
  readonly cut: string
}

/** Of the challenger alone: what it is compared with may be as bad as ever, and that is no reason to stop. */
export async function storeDelayedBreaches(
  { registry, projects }: Pick<Dependencies, 'registry' | 'projects'>,
  request: ExposureRequest,
  look: Look,
): Promise<void> {
  const { workflowId } = request
  const project = requireProject(projects, request.project)
  if (!project.measureMatured) return
  const { manifest } = await registry.releases.get(request.candidate)
  const signals = manifest.monitor.signals.filter(({ clock }) => clock === 'delayed_quality')
  const fired: FiredBreach[] = []
  for (const signal of signals) fired.push(...(await measured(registry, project, request, look, signal)))
  if (fired.length === 0) return
  const entries = await registry.ledger.entries(project.name, { kind: 'breach', subject: workflowId })
  const known = entries.map(({ body }) => body)
  for (const breach of fired) {
    const window = durationMs(signals.find(({ name }) => name === breach.signal)?.window ?? '0s')
    const recent = ({ signal, arm, at }: BreachBody) =>
      signal === breach.signal && arm === breach.arm && Date.parse(at) > look.asOf - window
    // Once a window, as of the fast clocks: windows of days overlap.
    if (known.some(recent)) continue
    const key = breachKey(workflowId, breach)
    await registry.ledger.append({ project: project.name, kind: 'breach', subject: workflowId, key, body: breach })
  }
}

async function measured(
  registry: Dependencies['registry'],
  project: Project,
  { workflowId, phase, policy, opened, evidence }: ExposureRequest,
  { asOf, cut }: Look,
  signal: MonitorSignal,
): Promise<FiredBreach[]> {
  const labelHorizonMs = durationMs(policy.labelHorizon)
  // A day is mature from its end plus the horizon.
  const to = Math.floor((asOf - labelHorizonMs) / DAY_MS) * DAY_MS
  const from = Math.max(firstExposedDay(opened), to - durationMs(signal.window))
  if (from >= to) return []
  const arm = armsOf(phase).challenger
  const source = evidence ?? 'replay'
  const decisions = await registry.evidence.maturedDecisions({
    project: project.name,
    workflowId,
    arm,
    from,
    to,
    asOf,
    labelHorizonMs,
    source,
    cut,
  })
  if (decisions.length === 0) return []
  const numbers = project.measureMatured?.({ arm, from, to, decisions }) ?? {}
  return breachesOf([signal], { arm, from, to, decisions: decisions.length, numbers }, asOf)
}
