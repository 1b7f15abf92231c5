/**
 * Replays the days after the cutoff through both releases. It fills the same two tables as live traffic, decisions and
 * outcomes, so that later steps need not distinguish them (docs/decisions/001). Outcomes carry the instant at which
 * they became known; evidence leaves out those later than the look.
 */

import type { ExposureRequest } from '../../contracts/activities.js'
import type { ExposureStep } from '../../contracts/exposure.js'
import type { Arm } from '../../contracts/names.js'
import { failureLossOf } from '../../contracts/scoring-failure.js'
import { armsOf } from '../../exposure/arms.js'
import { segmentsOfInput } from '../../exposure/segments.js'
import { armOf, bucketOf, hashEntity } from '../../exposure/split.js'
import { eventDecisionId } from '../../projects/event-decision-id.js'
import { lossOf } from '../../projects/loss-of.js'
import type { Project, ReplayEvent } from '../../projects/project.js'
import { type Fallback, scoreBatch } from '../../projects/score.js'
import type { Registry } from '../../registry/index.js'
import type { ReleaseLoader, ServingRelease } from '../load-release.js'
import { recordShadow } from './replay-shadow.js'
import { type SeenDecision, storeBreaches } from './replayed-breaches.js'

const BATCH = 2_000

export async function replayTraffic(
  registry: Registry,
  loadRelease: ReleaseLoader,
  project: Project,
  request: ExposureRequest & {
    from: number
    to: number
    events: AsyncIterable<ReplayEvent>
    exposure: ExposureStep
    beat: (events: number) => void
  },
): Promise<void> {
  const [candidate, reference] = await Promise.all([
    loadRelease(project, request.candidate),
    loadRelease(project, request.reference),
  ])
  const { challenger } = armsOf(request.phase)
  const failureLoss = failureLossOf(request.policy)
  const releasesOf = (arm: Arm) => ({
    release: arm === challenger ? candidate : reference,
    fallback: arm === challenger && failureLoss !== null ? { release: reference, loss: failureLoss } : null,
  })
  let done = 0
  const seen = new Map<Arm, SeenDecision[]>()
  const flush = async (batch: ReplayEvent[]) => {
    const byArm = groupBy(batch, (event) => armFor(request, event))
    for (const [arm, events] of byArm) {
      const decided = await answer(registry, project, request, { arm, ...releasesOf(arm), events })
      seen.set(arm, [...(seen.get(arm) ?? []), ...decided])
    }
    const inShadow = await recordShadow(registry, project, request, { candidate, events: batch })
    if (inShadow.length > 0) seen.set('shadow', [...(seen.get('shadow') ?? []), ...inShadow])
    done += batch.length
    request.beat(done)
  }
  let batch: ReplayEvent[] = []
  for await (const event of request.events) {
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

async function answer(
  registry: Registry,
  project: Project,
  { workflowId, exposure, policy }: ExposureRequest & { exposure: ExposureStep },
  { arm, events, ...releases }: { arm: Arm; release: ServingRelease; fallback: Fallback | null; events: ReplayEvent[] },
): Promise<SeenDecision[]> {
  const answers = await scoreBatch(
    project,
    releases,
    events.map(({ input }) => input),
  )
  const decided = events.flatMap((event, index) => {
    const answered = answers[index]
    if (!answered) return []
    const { actionPolicy } = answered.release.manifest
    const failureLoss = answered.failure === undefined ? undefined : releases.fallback?.loss
    const segments = segmentsOfInput(policy.segments, event.input, project.segments?.of)
    return [
      { event, ...answered, actionPolicy, failureLoss, segments, decisionId: eventDecisionId(workflowId, event.id) },
    ]
  })
  await registry.evidence.recordDecisions(
    project.name,
    decided.map(({ event, release, output, action, actionPolicy, failureLoss, decisionId, segments }) => ({
      decisionId,
      ...(segments ? { segments } : {}),
      workflowId,
      releaseId: release.releaseId,
      arm,
      entityHash: hashEntity(workflowId, event.entityKey),
      eventAt: event.at,
      ...(project.lossReadsInput ? { input: event.input } : {}),
      output,
      action,
      expectedLoss: failureLoss ?? project.expectedLoss?.(output, action, actionPolicy) ?? null,
      ...(failureLoss === undefined ? {} : { failureLoss }),
      split: { bucket: bucketOf(workflowId, event.entityKey), weight: exposure.weight },
    })),
  )
  await registry.evidence.recordOutcomes(
    project.name,
    decided.flatMap(({ event, output, action, actionPolicy, failureLoss, decisionId }) =>
      event.label === null || event.knownAt === null || failureLoss !== undefined
        ? []
        : [
            {
              decisionId,
              version: 1,
              label: event.label,
              loss: lossOf(project, { action, output, label: event.label, input: event.input }, actionPolicy),
              observedAt: event.knownAt,
            },
          ],
    ),
  )
  // An output is not the arm's own where another release answered.
  const own = decided.filter(({ failureLoss }) => failureLoss === undefined)
  return own.map(({ event, output, action }) => ({ at: event.at, input: event.input, output, action }))
}

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
