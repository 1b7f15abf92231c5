/** One request: arm, release, output, action, durable record. */
import { randomUUID } from 'node:crypto'
import { canonicalJson, sha256 } from '../contracts/canonical.js'
import type { AnsweringArm, Arm } from '../contracts/names.js'
import { failureLossOf } from '../contracts/scoring-failure.js'
import { armsOf } from '../exposure/arms.js'
import { besideProduction } from '../exposure/assign.js'
import { segmentsOfInput } from '../exposure/segments.js'
import type { Output } from '../projects/project.js'
import { type Answered, type Fallback, scoreOrFallBack } from '../projects/score.js'
import type { DecisionRow, StoredDecision } from '../registry/index.js'
import { assignLoaded, type ServedAssignment, type Tuples } from './aliases/loaded-releases.js'
import type { DecisionLog } from './log/decision-log.js'
import type { Monitor } from './monitors/monitor.js'
import { Refused } from './refused.js'
import type { ShadowQueue } from './shadow/shadow-queue.js'

/**
 * Characters of JSON up to which an input is stored with its decision, so that it can be scored again. Of a larger one
 * only the digest is stored.
 */
const KEPT_INPUT = 4_096

export interface DecisionRequest {
  readonly entityKey: string
  readonly input: unknown
  readonly decisionId?: string | undefined
  /** Forces an arm, only for operators' tests: such a decision is not evidence. */
  readonly arm?: AnsweringArm | undefined
}

export interface DecisionAnswer {
  readonly decisionId: string
  readonly releaseId: string
  readonly arm: AnsweringArm
  readonly output: Output
  readonly action: string
  /** The release of the arm could not score the input, and `releaseId` answered instead. */
  readonly fallback?: true
}

export interface Parts {
  readonly log: DecisionLog
  readonly monitor: Monitor
  readonly shadow: ShadowQueue
  readonly now: () => number
}

/**
 * @throws Refused for an input that the project refuses, an id used for another input, or an arm that does not exist
 * now
 */
export async function decide(
  { log, monitor, shadow, now }: Parts,
  tuples: Tuples,
  stale: boolean,
  request: DecisionRequest,
): Promise<DecisionAnswer> {
  const input = checkedInput(tuples, request.input)
  const assigned = request.arm ? force(tuples, request, now()) : assignLoaded(tuples, request.entityKey, now())
  const { arm } = assigned
  const fallback = request.arm ? null : fallbackOf(tuples, arm)
  const begun = performance.now()
  let answered: Answered
  try {
    answered = await scoreOrFallBack(tuples.project, { release: assigned.release, fallback }, input)
  } catch (error) {
    monitor.served(arm, { at: now(), ms: performance.now() - begun, failed: true })
    throw error
  }
  const { release, output, action, failure } = answered
  const failureLoss = failure === undefined ? undefined : fallback?.loss
  const failed = failureLoss !== undefined
  monitor.served(arm, { at: now(), ms: performance.now() - begun, failed })
  const text = canonicalJson(request.input)
  const row: DecisionRow = {
    decisionId: request.decisionId ?? randomUUID(),
    fresh: request.decisionId === undefined,
    workflowId: assigned.workflowId,
    releaseId: release.releaseId,
    arm,
    source: request.arm ? 'forced' : 'live',
    entityHash: assigned.entityHash,
    eventAt: assigned.eventAt,
    output,
    action,
    expectedLoss: failureLoss ?? tuples.project.expectedLoss?.(output, action, release.manifest.actionPolicy) ?? null,
    ...(failed ? { failureLoss } : {}),
    ...(text.length <= KEPT_INPUT ? { input: request.input } : {}),
    inputDigest: sha256(text),
    ...segmentsFor(tuples, input),
    ...(assigned.split ? { split: assigned.split } : {}),
    stale,
  }
  const stored = await log.write(row)
  const answer = stored ? earlier(tuples, stored, row) : answerOf({ ...row, arm }, output)
  // The output is not the arm's own where another release answered.
  if (!request.arm && !failed) monitor.decided(arm, { at: assigned.eventAt, input, output, action })
  if (!request.arm && answer.arm === 'production' && answer.releaseId === release.releaseId)
    shadow.offer({ tuples, row, input, sent: request.input, size: text.length })
  return answer
}

/** Without a run there is nothing to judge. */
function segmentsFor({ project, record: { run } }: Tuples, input: unknown): Pick<DecisionRow, 'segments'> {
  const segments = segmentsOfInput(run?.input.policy.segments, input, project.segments?.of)
  return segments ? { segments } : {}
}

type Answering = DecisionRow & { readonly arm: AnsweringArm }

const answerOf = ({ decisionId, releaseId, arm, action, failureLoss }: Answering, output: Output): DecisionAnswer => ({
  decisionId,
  releaseId,
  arm,
  output,
  action,
  ...(failureLoss === undefined ? {} : { fallback: true }),
})

/**
 * What answers where the release under trial cannot; null for the other arm, and where the policy has no loss for it.
 */
function fallbackOf({ record: { run }, production, other }: Tuples, arm: Arm): Fallback | null {
  if (!run || !other || arm !== armsOf(run.phase).challenger) return null
  const loss = failureLossOf(run.input.policy)
  return loss === null ? null : { release: run.phase === 'canary' ? production : other, loss }
}

function checkedInput({ project }: Tuples, input: unknown): unknown {
  const parsed = project.inputSchema?.safeParse(input)
  if (!parsed) return input
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(({ path, message }) => `input.${path.join('.')}: ${message}`)
  throw new Refused('bad_input', problems.join('; '))
}

function force(tuples: Tuples, { arm, entityKey }: DecisionRequest, wallNow: number): ServedAssignment {
  const usual = assignLoaded(tuples, entityKey, wallNow)
  const beside = besideProduction(tuples.record)
  const release = arm === 'production' ? tuples.production : arm === beside?.arm ? tuples.other : null
  if (!arm || !release) throw new Refused('no_such_arm', `arm: ${tuples.project.name} has no arm ${arm} now`)
  return { ...usual, arm, release, releaseId: release.releaseId }
}

/** The same id again: the same answer, or a refusal if the input differs or the id is that of a shadow decision. */
function earlier(tuples: Tuples, stored: StoredDecision, row: DecisionRow): DecisionAnswer {
  const { decisionId, releaseId, arm, output, action } = stored
  if (arm === 'shadow') throw new Refused('id_conflict', `decisionId "${decisionId}" is taken; use another one`)
  if (stored.inputDigest !== row.inputDigest) {
    throw new Refused('id_conflict', `decisionId "${row.decisionId}" was answered with another input; use a new one`)
  }
  const fallback = fallbackOf(tuples, arm)?.release.releaseId === releaseId
  return { decisionId, releaseId, arm, output, action, ...(fallback ? { fallback } : {}) }
}
