/**
 * Labels that were corrected after the verdict. The corrections are recorded with what the judge would decide now. The
 * verdict stands; to undo it is an operator's decision.
 */
import { digestOf } from '../contracts/canonical.js'
import { eventNow } from '../contracts/clock.js'
import { durationMs } from '../contracts/duration.js'
import { evidenceSourceOf } from '../contracts/evidence-source.js'
import { SlipwayError } from '../contracts/failure.js'
import { bodiesOf, correctionKey, type LabelCorrection, type RecordedLook } from '../contracts/ledger/index.js'
import { failureLossOf } from '../contracts/scoring-failure.js'
import type { Cohort, Evidence, Paired, SegmentSums } from '../contracts/types.js'
import { judge } from '../judge/index.js'
import { type CohortCounts, clockIn, type EntitySums, type Registry, type ReleaseRunRecord } from '../registry/index.js'
import { measureSegments } from './looks/measure-segments.js'
import { evidenceOf } from './looks/recorded-looks.js'

/**
 * Finds corrections since the verdict and records each of them once.
 * @param now wall time in epoch ms
 * @returns all corrections found, also those recorded before
 * @throws SlipwayError BadRequest while the run has no verdict
 */
export async function recordCorrections(
  registry: Registry,
  run: ReleaseRunRecord,
  now: number,
): Promise<LabelCorrection[]> {
  const { project, workflowId } = run
  if (run.verdict === null) {
    throw new SlipwayError('BadRequest', `${workflowId} has no verdict yet; its next look uses the corrected labels`)
  }
  const found: LabelCorrection[] = []
  for (const look of await lastLooks(registry, run)) {
    const correction = await correctionOf(registry, run, look, now)
    if (!correction) continue
    const key = correctionKey(workflowId, digestOf(correction))
    await registry.ledger.append({ project, kind: 'label_correction', subject: workflowId, key, body: correction })
    found.push(correction)
  }
  return found
}

/** Those with a verdict: a shadow has none. */
const PHASES = ['canary', 'probation'] as const

/** The last look of each phase: the one that led to the verdict, and the one that confirmed it in probation. */
async function lastLooks({ ledger }: Registry, { project, workflowId }: ReleaseRunRecord): Promise<RecordedLook[]> {
  const looks = await Promise.all(PHASES.map((phase) => ledger.newestLook({ project, workflowId, phase })))
  return looks.flatMap((look) => (look ? [look.body] : []))
}

async function correctionOf(
  registry: Registry,
  { project, workflowId, entries }: ReleaseRunRecord,
  look: RecordedLook,
  now: number,
): Promise<LabelCorrection | undefined> {
  const [input] = bodiesOf(entries, 'trigger')
  if (!input) return undefined
  const { policy, trigger } = input
  const clock = clockIn(entries) ?? input.clock
  const { numbers, action, reason } = look.judgement
  const asOf = Date.parse(numbers.asOf)
  const knownBy = eventNow(clock, now)
  const query = {
    project,
    workflowId,
    asOf,
    labelHorizonMs: durationMs(policy.labelHorizon),
    source: evidenceSourceOf(trigger),
    ...(look.cut === undefined ? {} : { cut: look.cut }),
    ...(look.releases === undefined ? {} : { releases: look.releases }),
  }
  const { lossBound } = policy.judge
  const bound = lossBound ? { lossBound } : {}
  const corrected = async () =>
    (await registry.labels.corrections({ ...query, knownBy })).filter(
      ({ arm }) => arm === look.arms.challenger || arm === look.arms.reference,
    )
  let arms = await corrected()
  if (arms.length === 0) return undefined
  const days = look.cohorts.map(({ day }) => day).sort()
  const [firstDay = '', lastDay = ''] = [days[0], days.at(-1)]
  let known: CohortCounts[]
  let sums: EntitySums | undefined
  let segments: SegmentSums[] | undefined
  let paired: Paired | undefined
  const inShadow = pairsOf(look)
  for (;;) {
    const asKnown = { ...query, labelsAsKnownBy: knownBy, ...bound }
    known = await registry.evidence.cohorts(asKnown)
    const ofDays = { ...asKnown, ...look.arms, firstDay, lastDay }
    if (look.clusters) sums = await registry.evidence.entitySums(ofDays)
    if (look.segments) segments = await measureSegments(registry, policy, ofDays)
    if (inShadow)
      paired = await registry.evidence.pairedSums({ ...asKnown, ...inShadow, failureLoss: failureLossOf(policy) })
    const after = await corrected()
    // Corrections arrived in between: the counts and the new judgement must use the same labels.
    if (digestOf(arms) === digestOf(after)) break
    arms = after
  }
  const again = judge(
    policy,
    {
      ...withLabels(evidenceOf(project, look), known, sums),
      ...(segments ? { segments } : {}),
      ...(paired ? { paired } : {}),
    },
    look.deadline,
  )
  return {
    phase: look.phase,
    judgement: digestOf(look.judgement),
    asOf: numbers.asOf,
    arms,
    said: { action, reason },
    wouldSay: { action: again.action, reason: again.reason, numbers: again.numbers },
  }
}

/** The releases and days of the shadow that a look compared; null where it did not. */
function pairsOf({ paired, releases }: RecordedLook) {
  const [candidate, reference] = releases ?? []
  const [firstDay, lastDay] = [paired?.days[0]?.day, paired?.days.at(-1)?.day]
  return candidate && reference && firstDay && lastDay ? { candidate, reference, firstDay, lastDay } : null
}

/** The same evidence with the labels as known now on its mature days. */
function withLabels(evidence: Evidence, known: readonly CohortCounts[], sums: EntitySums | undefined): Evidence {
  const name = ({ day, arm }: Pick<Cohort, 'day' | 'arm'>) => `${day}/${arm}`
  const labels = new Map(known.map((cohort) => [name(cohort), cohort]))
  const squares = new Map((sums?.cohorts ?? []).map((sum) => [name(sum), sum.clusterSquares] as const))
  const cohorts = evidence.cohorts.map((cohort) => {
    const now = labels.get(name(cohort))
    if (!now || !cohort.mature) return cohort
    const { labelled, lossSum, lossSumSquares, beyondBound } = now
    const clusterSquares = squares.get(name(cohort))
    const byEntity = clusterSquares === undefined ? {} : { clusterSquares }
    return { ...cohort, labelled, lossSum, lossSumSquares, beyondBound, ...byEntity }
  })
  // Estimates are not labels: they stay as they were.
  const { clusters } = evidence
  return {
    ...evidence,
    cohorts,
    ...(clusters && sums ? { clusters: { ...sums.clusters, estimate: clusters.estimate } } : {}),
  }
}
