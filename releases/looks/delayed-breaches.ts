/**
 * Signals of clock `delayed_quality`: a project's own numbers over final labels, besides the loss that the judge
 * compares. Each look measures them over the days that are mature by then, and stores breaches before it reads
 * breaches.
 */
import type { ExposureRequest } from '../../contracts/activities.js'
import { DAY_MS, durationMs } from '../../contracts/duration.js'
import { evidenceSourceOf } from '../../contracts/evidence-source.js'
import { firstExposedDay } from '../../contracts/exposure.js'
import { breachKey } from '../../contracts/ledger/index.js'
import type { Arm } from '../../contracts/names.js'
import type { MonitorSignal } from '../../contracts/types.js'
import { armsOf } from '../../exposure/arms.js'
import { breachesOf, type FiredBreach, type KnownBreach, type Measured, notYetStored } from '../../exposure/breaches.js'
import { requireProject } from '../../projects/load.js'
import type { Project } from '../../projects/project.js'
import type { Registry } from '../../registry/index.js'
import type { LookInstant } from './gather-evidence.js'

interface Needs {
  readonly registry: Registry
  readonly projects: ReadonlyMap<string, Project>
}

/** Only the challenger can fire: a reference that performs badly is no reason to stop. */
export async function storeDelayedBreaches(
  { registry, projects }: Needs,
  request: ExposureRequest,
  look: LookInstant,
): Promise<void> {
  const { workflowId } = request
  const project = requireProject(projects, request.project)
  if (!project.measureMatured) return
  const { manifest } = await registry.releases.get(request.candidate)
  const signals = manifest.monitor.signals.filter(({ clock }) => clock === 'delayed_quality')
  const fired: FiredBreach[] = []
  for (const signal of signals) fired.push(...(await measured(registry, project, request, look, signal)))
  const known: KnownBreach[] = []
  for (const { signal, arm } of fired) {
    // The newest decides: a lasting breach is stored once a window, for weeks.
    const newest = await registry.ledger.newestBreach({ project: project.name, workflowId, signal, arm })
    // Each fired as of a look, whose instants are of one grid.
    if (newest) known.push({ signal, arm, agoMs: look.asOf - Date.parse(newest.body.at) })
  }
  const windowMs = ({ signal }: FiredBreach) => durationMs(signals.find(({ name }) => name === signal)?.window ?? '0s')
  for (const breach of notYetStored(fired, known, windowMs)) {
    const key = breachKey(workflowId, breach)
    await registry.ledger.append({ project: project.name, kind: 'breach', subject: workflowId, key, body: breach })
  }
}

async function measured(
  registry: Registry,
  project: Project,
  { workflowId, phase, policy, opened, evidence }: ExposureRequest,
  { asOf, cut }: LookInstant,
  signal: MonitorSignal,
): Promise<FiredBreach[]> {
  const labelHorizonMs = durationMs(policy.labelHorizon)
  // A day is mature once its end plus the horizon has passed.
  const to = Math.floor((asOf - labelHorizonMs) / DAY_MS) * DAY_MS
  const from = Math.max(firstExposedDay(opened), to - durationMs(signal.window))
  if (from >= to) return []
  const measure = async (arm: Arm): Promise<Measured> => {
    const decisions = await registry.evidence.maturedDecisions({
      project: project.name,
      workflowId,
      arm,
      from,
      to,
      asOf,
      labelHorizonMs,
      source: evidenceSourceOf({ evidence }),
      cut,
    })
    const numbers = decisions.length === 0 ? {} : (project.measureMatured?.({ arm, from, to, decisions }) ?? {})
    return { arm, from, to, decisions: decisions.length, numbers }
  }
  const { challenger, reference } = armsOf(phase)
  const compared = signal.beyondReference === undefined ? undefined : await measure(reference)
  return breachesOf([signal], await measure(challenger), asOf, compared)
}
