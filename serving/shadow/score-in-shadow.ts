/** The candidate's decision about one request that production has answered. */
import { SHADOW_FAILED, shadowIdOf } from '../../contracts/shadow-decisions.js'
import type { Output, Project } from '../../projects/project.js'
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
  /** As the caller sent it: JSON, which another thread can parse again. */
  readonly sent: unknown
  /** Characters of it, as JSON. */
  readonly size: number
}

/** The parts of a release that scoring needs. */
export type Candidate = Pick<ServingRelease, 'releaseId' | 'manifest' | 'scorer'>

/** What the candidate made of a request, without a result if it failed. `ms`: how long it took. */
export interface Scored {
  readonly ms: number
  readonly result?: { readonly output: Output; readonly action: string; readonly expectedLoss: number | null }
}

/** @param scoringMs wall ms after which a scoring without a result has failed: it must not stop the queue */
export async function scored(
  project: Project,
  candidate: Candidate,
  input: unknown,
  scoringMs: number,
): Promise<Scored> {
  const begun = performance.now()
  const spent = () => performance.now() - begun
  try {
    const { output, action } = await within(scoringMs, score(project, candidate, input))
    const expectedLoss = project.expectedLoss?.(output, action, candidate.manifest.actionPolicy) ?? null
    return { ms: spent(), result: { output, action, expectedLoss } }
  } catch {
    return { ms: spent() }
  }
}

/** @returns the candidate's decision; one that says so if the candidate failed */
export function shadowRow(
  { tuples, row, input }: Answered,
  { releaseId }: Pick<Candidate, 'releaseId'>,
  { ms, result }: Scored,
  { monitor, now }: { monitor: Monitor; now: () => number },
): DecisionRow {
  const common = { ...row, decisionId: shadowIdOf(row.decisionId), releaseId, arm: 'shadow' as const }
  const decision = result && recordable(tuples.project.name, { ...common, ...result })
  monitor.served('shadow', { at: now(), ms, failed: !decision })
  if (!decision) return { ...common, output: {}, action: SHADOW_FAILED, expectedLoss: null }
  const { output, action } = result
  monitor.decided('shadow', { at: row.eventAt, input, output, action })
  return decision
}

function recordable(project: string, row: DecisionRow): DecisionRow | undefined {
  try {
    requireRecordableDecision(project, row)
    return row
  } catch {
    return undefined
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
