/**
 * Replays the days after the cutoff through both releases. It fills the same two tables as live traffic, decisions and
 * outcomes, so that later steps need not distinguish them (docs/decisions/001). Outcomes carry the instant at which
 * they became known; evidence leaves out those later than the look.
 */

import type { ExposureRequest } from '../../contracts/activities.js'
import type { ExposureStep } from '../../contracts/exposure.js'
import type { Arm } from '../../contracts/names.js'
import { shadowIdOf } from '../../contracts/shadow-decisions.js'
import { armsOf } from '../../exposure/arms.js'
import { isShadowed } from '../../exposure/shadow.js'
import { armOf, bucketOf, hashEntity } from '../../exposure/split.js'
import type { Project, ReplayEvent } from '../../projects/project.js'
import type { Registry } from '../../registry/index.js'
import type { ReleaseLoader, ServingRelease } from '../load-release.js'
import { type SeenDecision, storeBreaches } from './replayed-breaches.js'

const BATCH = 2_000

export async function replayTraffic(
  registry: Registry,
  loadRelease: ReleaseLoader,
  project: Project,
  request: ExposureRequest & { from: number; to: number; exposure: ExposureStep; beat: (events: number) => void },
): Promise<void> {
  const [candidate, reference] = await Promise.all([
    loadRelease(project, request.candidate),
    loadRelease(project, request.reference),
  ])
  const { challenger } = armsOf(request.phase)
  const releaseOf = (arm: Arm) => (arm === challenger ? candidate : reference)
  let done = 0
  const seen = new Map<Arm, SeenDecision[]>()
  const flush = async (batch: ReplayEvent[]) => {
    const byArm = groupBy(batch, (event) => armFor(request, event))
    for (const [arm, events] of byArm) {
      const decided = await answer(registry, project, request, { arm, release: releaseOf(arm), events })
      seen.set(arm, [...(seen.get(arm) ?? []), ...decided])
    }
    const shadowed = batch.filter((event) => isInShadow(request, event))
    if (shadowed.length > 0) {
      const decided = await answer(registry, project, request, { arm: 'shadow', release: candidate, events: shadowed })
      seen.set('shadow', [...(seen.get('shadow') ?? []), ...decided])
    }
    done += batch.length
    request.beat(done)
  }
  let batch: ReplayEvent[] = []
  const range = {
    from: request.from,
    to: request.to,
    ...(request.source === undefined ? {} : { source: request.source }),
  }
  for await (const event of project.replay(range)) {
    batch.push(event)
    if (batch.length >= BATCH) {
      await flush(batch)
      batch = []
    }
  }
  if (batch.length > 0) await flush(batch)
  await storeBreaches(registry, project, { ...request, signals: candidate.manifest.monitor.signals, seen })
}

/** The salt is the run's workflow id, so both phases of one release split alike. */
const armFor = (
  { workflowId, exposure }: { workflowId: string; exposure: ExposureStep },
  { entityKey }: ReplayEvent,
): Arm => armOf(bucketOf(workflowId, entityKey), exposure)

const isInShadow = (
  { workflowId, phase, policy }: Pick<ExposureRequest, 'workflowId' | 'phase' | 'policy'>,
  { entityKey }: ReplayEvent,
): boolean => phase === 'shadow' && isShadowed(hashEntity(workflowId, entityKey), policy.shadow?.share ?? 0)

async function answer(
  registry: Registry,
  project: Project,
  { workflowId, exposure }: ExposureRequest & { exposure: ExposureStep },
  { arm, release, events }: { arm: Arm; release: ServingRelease; events: ReplayEvent[] },
): Promise<SeenDecision[]> {
  const { actionPolicy } = release.manifest
  const outputs = await release.scorer.score(events.map((event) => event.input))
  const decided = events.map((event, index) => {
    const output = outputs[index]
    if (!output) throw new RangeError(`${release.releaseId} gave ${outputs.length} outputs for ${events.length} inputs`)
    return {
      event,
      output,
      action: project.decide(output, actionPolicy, event.input),
      decisionId: arm === 'shadow' ? shadowIdOf(`${workflowId}:${event.id}`) : `${workflowId}:${event.id}`,
    }
  })
  await registry.evidence.recordDecisions(
    project.name,
    decided.map(({ event, output, action, decisionId }) => ({
      decisionId,
      workflowId,
      releaseId: release.releaseId,
      arm,
      entityHash: hashEntity(workflowId, event.entityKey),
      eventAt: event.at,
      output,
      action,
      expectedLoss: project.expectedLoss?.(output, action, actionPolicy) ?? null,
      split: { bucket: bucketOf(workflowId, event.entityKey), weight: exposure.weight },
    })),
  )
  if (arm === 'shadow' && !project.labelsIndependentOfAction) return asSeen(decided)
  await registry.evidence.recordOutcomes(
    project.name,
    decided.flatMap(({ event, output, action, decisionId }) =>
      event.label === null || event.knownAt === null
        ? []
        : [
            {
              decisionId,
              version: 1,
              label: event.label,
              loss: project.loss({ action, output, label: event.label }, actionPolicy),
              observedAt: event.knownAt,
            },
          ],
    ),
  )
  return asSeen(decided)
}

const asSeen = (
  decided: readonly (Pick<SeenDecision, 'output' | 'action'> & { event: ReplayEvent })[],
): SeenDecision[] => decided.map(({ event, output, action }) => ({ at: event.at, input: event.input, output, action }))

function groupBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}
