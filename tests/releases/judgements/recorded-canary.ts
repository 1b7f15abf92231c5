/**
 * A canary of the toy policy in a real registry, with a look each day as in the waiting activity, without a Temporal
 * server.
 */

import type { ExposureRequest } from '../../../contracts/activities.js'
import { digestOf } from '../../../contracts/canonical.js'
import { DAY_MS, durationMs } from '../../../contracts/duration.js'
import { lookKey, type RecordedLook } from '../../../contracts/ledger/index.js'
import type { VerdictName } from '../../../contracts/names.js'
import type { Judgement, PromotionPolicy, Trigger } from '../../../contracts/types.js'
import { stepInForce } from '../../../exposure/step-in-force.js'
import { judge } from '../../../judge/index.js'
import { createRandom } from '../../../judge/simulation/random.js'
import type { DecisionRow, OutcomeRow, Registry } from '../../../registry/index.js'
import { openStep, stepsOf } from '../../../releases/exposure/open-step.js'
import { gatherEvidence } from '../../../releases/looks/gather-evidence.js'
import { readOpenBreaches } from '../../../releases/looks/open-breaches.js'
import { recordOf } from '../../../releases/looks/recorded-looks.js'

const HOUR_MS = 3_600_000
const OPENED = Date.parse('2001-01-20T00:00:00Z')
const A_DAY = 600

interface Options {
  readonly policy: PromotionPolicy
  readonly days: number
  /** Share of the canary's decisions that cost 1; production's is .3. */
  readonly canary: number
  /** Cost of a decision that went wrong. */
  readonly cost?: number
  readonly seed?: number
  /** The segments of a day's decision with this index. */
  readonly segmentsOf?: (index: number) => readonly string[]
  /** Share of the canary's decisions of a segment that cost 1, where it is another one. */
  readonly canaryIn?: Readonly<Record<string, number>>
}

/** At the policy's last step from the first day. Labels after five hours. @returns the looks' judgements */
export async function recordCanary(
  registry: Registry,
  workflowId: string,
  { policy, days, canary, cost = 1, seed = 1, segmentsOf, canaryIn = {} }: Options,
): Promise<Judgement[]> {
  const project = 'toy'
  const clock = { eventStart: OPENED, wallStart: OPENED, speed: 1 }
  const trigger: Trigger = {
    project,
    id: workflowId,
    kind: 'cli',
    by: 'test',
    at: iso(OPENED),
    cutoff: iso(OPENED),
    parameters: {},
  }
  await registry.ledger.append({
    project,
    kind: 'trigger',
    subject: workflowId,
    key: `${workflowId}:trigger`,
    body: { trigger, policy, clock },
  })
  const request: ExposureRequest = {
    project,
    workflowId,
    phase: 'canary',
    candidate: 'toy_v2',
    reference: 'toy_v1',
    policy,
    clock,
    opened: OPENED,
    deadline: iso(OPENED + durationMs(policy.deadline)),
    step: policy.steps.length - 1,
    stepBegan: OPENED,
    looksAfter: OPENED,
    paused: false,
    once: false,
  }
  await openStep(registry, request, OPENED)
  const steps = await stepsOf(registry, request)
  const random = createRandom(seed)
  const judged: Judgement[] = []
  let newest: RecordedLook | undefined
  for (let day = OPENED; day < OPENED + days * DAY_MS; day += DAY_MS) {
    const weight = stepInForce(steps, day)?.weight ?? 0
    const decisions: DecisionRow[] = []
    const outcomes: OutcomeRow[] = []
    for (let index = 0; index < A_DAY; index += 1) {
      const arm = random() < weight / 10_000 ? 'canary' : 'production'
      const segments = segmentsOf?.(index)
      const inCanary = (segments ?? []).reduce((share, name) => canaryIn[name] ?? share, canary)
      const label = random() < (arm === 'canary' ? inCanary : 0.3) ? 1 : 0
      const eventAt = day + (index * DAY_MS) / A_DAY
      const decisionId = `${workflowId}:${iso(day).slice(0, 10)}:${index}`
      const releaseId = arm === 'canary' ? 'toy_v2' : 'toy_v1'
      decisions.push({
        decisionId,
        workflowId,
        releaseId,
        arm,
        entityHash: `${index}`,
        eventAt,
        output: {},
        action: 'warn',
        ...(segments ? { segments } : {}),
      })
      outcomes.push({ decisionId, version: 1, label, loss: label * cost, observedAt: eventAt + 5 * HOUR_MS })
    }
    await registry.evidence.recordDecisions(project, decisions)
    await registry.evidence.recordOutcomes(project, outcomes)
    const cut = await registry.evidence.databaseSnapshot()
    const asOf = day + DAY_MS
    const breaches = await readOpenBreaches(registry, request, { asOf, present: false })
    const evidence = await gatherEvidence(registry, request, { steps, newest, breaches, asOf, cut })
    const judgement = judge(policy, evidence, request.deadline)
    const body: RecordedLook = { ...recordOf(request, evidence, judgement), cut }
    newest = body
    const key = `${lookKey(workflowId, request.phase, evidence.asOf, digestOf(body))}:${cut}`
    await registry.ledger.append({ project, kind: 'judgement', subject: workflowId, key, body })
    judged.push(judgement)
  }
  return judged
}

export async function recordVerdict(registry: Registry, workflowId: string, verdict: VerdictName, reason: string) {
  const body = {
    schema: 'slipway.verdict/1' as const,
    project: 'toy',
    workflowId,
    releaseId: 'toy_v2',
    verdict,
    reason,
    detail: reason,
  }
  await registry.ledger.append({
    project: 'toy',
    kind: 'verdict',
    subject: workflowId,
    key: `${workflowId}:verdict`,
    body,
  })
}

const iso = (epochMs: number): string => new Date(epochMs).toISOString()
