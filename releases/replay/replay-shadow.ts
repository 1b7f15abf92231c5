/** The candidate of a shadow scores replayed events that production has answered, as it scores live requests. */
import type { ExposureRequest } from '../../contracts/activities.js'
import { SHADOW_FAILED, shadowIdOf } from '../../contracts/shadow-decisions.js'
import { isShadowed } from '../../exposure/shadow.js'
import { bucketOf, hashEntity } from '../../exposure/split.js'
import { eventDecisionId } from '../../projects/event-decision-id.js'
import { lossOf } from '../../projects/loss-of.js'
import type { Project, ReplayEvent } from '../../projects/project.js'
import { score, scoreBatch } from '../../projects/score.js'
import type { Registry } from '../../registry/index.js'
import type { ServingRelease } from '../load-release.js'
import type { SeenDecision } from './replayed-breaches.js'

/** @returns what the candidate decided; nothing outside a shadow */
export async function recordShadow(
  registry: Registry,
  project: Project,
  { workflowId, phase, policy }: Pick<ExposureRequest, 'workflowId' | 'phase' | 'policy'>,
  { candidate, events }: { candidate: ServingRelease; events: readonly ReplayEvent[] },
): Promise<SeenDecision[]> {
  const { share = 0 } = policy.shadow ?? {}
  if (phase !== 'shadow') return []
  const chosen = events.filter(({ entityKey }) => isShadowed(hashEntity(workflowId, entityKey), share))
  if (chosen.length === 0) return []
  const { actionPolicy } = candidate.manifest
  const answers = await scored(project, candidate, chosen)
  await registry.evidence.recordDecisions(
    project.name,
    answers.map(({ event, answer }) => ({
      decisionId: shadowIdOf(eventDecisionId(workflowId, event.id)),
      workflowId,
      releaseId: candidate.releaseId,
      arm: 'shadow',
      entityHash: hashEntity(workflowId, event.entityKey),
      eventAt: event.at,
      ...(project.lossReadsInput ? { input: event.input } : {}),
      output: answer?.output ?? {},
      action: answer?.action ?? SHADOW_FAILED,
      expectedLoss: answer ? (project.expectedLoss?.(answer.output, answer.action, actionPolicy) ?? null) : null,
      split: { bucket: bucketOf(workflowId, event.entityKey), weight: 0 },
    })),
  )
  const decided = answers.flatMap(({ event, answer }) => (answer ? [{ event, ...answer }] : []))
  if (project.labelsIndependentOfAction) {
    await registry.evidence.recordOutcomes(
      project.name,
      decided.flatMap(({ event: { id, label, knownAt, input }, output, action }) => {
        if (label === null || knownAt === null) return []
        const loss = lossOf(project, { action, output, label, input }, actionPolicy)
        return [
          { decisionId: shadowIdOf(eventDecisionId(workflowId, id)), version: 1, label, loss, observedAt: knownAt },
        ]
      }),
    )
  }
  return decided.map(({ event, output, action }) => ({ at: event.at, input: event.input, output, action }))
}

/** One call; where it fails, each event by itself, so that one hard input is one failure. */
async function scored(project: Project, candidate: ServingRelease, events: readonly ReplayEvent[]) {
  const inputs = events.map(({ input }) => input)
  try {
    const answers = await scoreBatch(project, { release: candidate, fallback: null }, inputs)
    return events.map((event, index) => ({ event, answer: answers[index] }))
  } catch {
    const each = []
    for (const event of events)
      each.push({ event, answer: await score(project, candidate, event.input).catch(() => undefined) })
    return each
  }
}
