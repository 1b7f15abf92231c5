import { canonicalJson, sha256 } from '../../contracts/canonical.js'
import { utcDay } from '../../contracts/duration.js'
import { dayClosedKey, dayCoveredKey, digestVersionOf, promotedBy } from '../../contracts/ledger/index.js'
import { isScoringFailure } from '../../contracts/scoring-failure.js'
import { fitsArm } from '../../exposure/split.js'
import type { AliasMoveRecord, DecisionRecord, OutcomeRecord, Registry, ReleaseRecord } from '../../registry/index.js'
import { closingOf, isIntact, newestWhere, promotionOf } from '../../registry/index.js'
import type { TraceLink } from './types.js'

type Aliases = Pick<Registry['aliases'], 'during' | 'newest'>

/** Rows of a day up to which a trace recomputes its digest. */
const MOST_ROWS = 200_000
/** After a move a gateway may use the earlier aliases for this long, or longer if it marked its decisions as stale. */
const LAG_MS = 60_000

export async function decisionLink(
  { registry }: { registry: Pick<Registry, 'ledger' | 'retention'> },
  decision: DecisionRecord,
): Promise<TraceLink> {
  const { input, inputDigest, project, ...rest } = decision
  const data = { ...rest, inputDigest, ...(input === null ? {} : { input }) }
  const link = (status: TraceLink['status'], says: string): TraceLink => ({ name: 'decision', status, says, data })
  if (input !== null && sha256(canonicalJson(input)) !== inputDigest) {
    return link('broken', `the recorded input does not have the digest ${inputDigest}`)
  }
  const says = `${decision.action} for an entity of arm ${decision.arm}, ${decision.eventAt} event time`
  const day = utcDay(Date.parse(decision.writtenAt))
  const keys = [dayClosedKey('decisions', day), dayCoveredKey('decisions', day)]
  const entries = await registry.ledger.entries(project, { kind: 'day_closed', subject: 'decisions', keys })
  const closing = closingOf(entries, 'decisions', day)
  if (!closing) return link('unchecked', `${says}; its day is not over, so no digest covers the row yet`)
  if (!isIntact(closing)) return link('broken', `the entry that closed ${day} was altered`)
  const closed = closing.body
  if (closed.rows > MOST_ROWS) {
    return link(
      'unchecked',
      `${says}; ${closed.rows} rows of ${day} have digest ${closed.digest}: slipway registry verify`,
    )
  }
  const found = await registry.retention.digestDay({ project, table: 'decisions', day }, digestVersionOf(closed))
  if (found.digest === closed.digest) return link('intact', `${says}; all ${found.rows} rows of ${day} as they were`)
  return link(
    'broken',
    `the ${found.rows} rows of ${day} have digest ${found.digest}, not ${closed.digest} of ${closed.rows}`,
  )
}

export function splitLink({ arm, bucket, weight, source, stale, workflowId }: DecisionRecord): TraceLink {
  const link = (status: TraceLink['status'], says: string): TraceLink => ({
    name: 'split',
    status,
    says,
    data: { arm, bucket, weight, source, stale, workflowId },
  })
  const staleText = stale ? '; the registry could not be reached, so the last known aliases were used' : ''
  if (source === 'forced')
    return link('intact', `arm ${arm} was forced by an operator, so the decision is not evidence`)
  if (bucket === null || weight === null) return link('intact', `no canary was open: production answered${staleText}`)
  if (arm === 'shadow' && weight === 0)
    return link(
      'intact',
      `production answered; the candidate scored the same request and nothing was done with it${staleText}`,
    )
  const share = `bucket ${bucket} of 10,000; the arm beside production had ${weight / 100} %`
  return fitsArm(arm, { bucket, weight })
    ? link('intact', `${share}${staleText}`)
    : link('broken', `${share}, which is not arm ${arm}`)
}

/**
 * A decision whose scoring failed, in the arm of the release that answered it: production's beside a canary, the
 * holdback's in a probation.
 */
export const answeredAs = (decision: DecisionRecord, outcomes: readonly OutcomeRecord[]): DecisionRecord =>
  outcomes.some(({ label }) => isScoringFailure(label))
    ? { ...decision, arm: decision.arm === 'canary' ? 'production' : 'holdback' }
    : decision

/**
 * The alias move that a decision rests on: to its release, or for a holdback from it. Where several fit within the
 * tolerance, the one in force when the decision was written.
 */
export async function moveBehind(
  aliases: Aliases,
  { project, arm, releaseId, writtenAt, stale }: DecisionRecord,
): Promise<AliasMoveRecord | undefined> {
  const written = Date.parse(writtenAt)
  const alias = aliasOf(arm)
  const iso = (ms: number) => new Date(ms).toISOString()
  const tolerated = { from: iso(written - LAG_MS), until: iso(written + LAG_MS) }
  const moves = await aliases.during(project, alias, tolerated)
  const isOfRelease = (move: AliasMoveRecord) => (arm === 'holdback' ? move.from : move.to) === releaseId
  const fits = moves.filter(isOfRelease)
  const inForce = fits.findLast(({ at }) => Date.parse(at) <= written)
  const [first] = moves
  if (inForce || !stale || !first) return inForce ?? fits[0]
  // Without the registry the service used what it knew last, which may be older.
  return (await newestWhere(aliases, project, { alias, before: first.seq }, isOfRelease)) ?? fits[0]
}

const aliasOf = (arm: DecisionRecord['arm']) => (arm === 'canary' || arm === 'shadow' ? 'canary' : 'production')

/** Whether the ledger's alias moves show this release in this arm at that time. */
export function aliasLink({ arm, releaseId, source }: DecisionRecord, move: AliasMoveRecord | undefined): TraceLink {
  const alias = aliasOf(arm)
  const data = { alias, move: move ?? null }
  if (move) {
    const says = `${alias} was moved to ${move.to} at ${move.at} by ${move.actor}: ${move.reason}`
    return { name: 'alias', status: 'intact', says, data }
  }
  if (source === 'replay') {
    const says = `${releaseId} answered replayed data as ${arm}, without an alias; its run names both releases`
    return { name: 'alias', status: 'absent', says, data }
  }
  return { name: 'alias', status: 'broken', says: `${releaseId} was not ${alias} when the decision was written`, data }
}

/**
 * The run whose evidence stands behind the release in this arm: of a canary the run that exposed it, otherwise the run
 * that had promoted the release when the decision was written. Of a release that no run has promoted, the one that
 * registered it.
 */
export async function runBehind(
  aliases: Aliases,
  { project, arm, workflowId, releaseId, writtenAt }: DecisionRecord,
  release: Pick<ReleaseRecord, 'workflowId'>,
  move: AliasMoveRecord | undefined,
): Promise<string> {
  if (arm === 'canary' || arm === 'shadow') return workflowId || release.workflowId
  // A holdback was promoted before the move that replaced it.
  const until = move ?? (await aliases.during(project, 'production', { from: writtenAt, until: writtenAt })).at(-1)
  const promotion = until && (await promotionOf(aliases, project, releaseId, until.seq))
  return (promotion && promotedBy(promotion)) ?? release.workflowId
}
