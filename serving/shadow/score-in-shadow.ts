import { SHADOW_FAILED, shadowIdOf } from '../../contracts/shadow-decisions.js'
import { score } from '../../projects/score.js'
import { type DecisionRow, requireRecordableDecision } from '../../registry/index.js'
import type { ServingRelease } from '../../releases/load-release.js'
import type { Tuples } from '../aliases/loaded-releases.js'
import type { Monitor } from '../monitors/monitor.js'

/** A request that production has answered. */
export interface Answered {
  /** What it was answered with. */
  readonly tuples: Tuples
  /** The decision of production. */
  readonly row: DecisionRow
  /** As the project parsed it. */
  readonly input: unknown
}

/** Wall ms after which a scoring without a result has failed: it must not stop the queue. */
const SCORING_MS = 10_000

/** @returns the candidate's decision; one that says so if the candidate failed */
export async function scoreInShadow(
  { tuples, row, input }: Answered,
  candidate: ServingRelease,
  { monitor, now, scoringMs = SCORING_MS }: { monitor: Monitor; now: () => number; scoringMs?: number | undefined },
): Promise<DecisionRow> {
  const { project } = tuples
  const { releaseId, manifest } = candidate
  const decisionId = shadowIdOf(row.decisionId)
  const common = { ...row, decisionId, releaseId, arm: 'shadow' as const }
  const begun = performance.now()
  const served = (failed: boolean) => monitor.served('shadow', { at: now(), ms: performance.now() - begun, failed })
  try {
    const { output, action } = await within(scoringMs, score(project, candidate, input))
    const expectedLoss = project.expectedLoss?.(output, action, manifest.actionPolicy) ?? null
    const decision: DecisionRow = { ...common, output, action, expectedLoss }
    requireRecordableDecision(project.name, decision)
    served(false)
    monitor.decided('shadow', { at: row.eventAt, input, output, action })
    return decision
  } catch {
    served(true)
    return { ...common, output: {}, action: SHADOW_FAILED, expectedLoss: null }
  }
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new RangeError(`no output for ${ms} ms`)), ms)
  })
  work.catch(() => {})
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
