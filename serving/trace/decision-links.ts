import { canonicalJson, sha256 } from '../../contracts/canonical.js'
import { utcDay } from '../../contracts/duration.js'
import { fitsArm } from '../../exposure/split.js'
import type { DecisionRecord, Registry } from '../../registry/index.js'
import { isIntact } from '../../registry/index.js'
import type { TraceLink } from './types.js'

/** Rows of a day up to which its digest is computed again while somebody waits. */
const MOST_ROWS = 200_000
/** A gateway answers from the aliases before for so long at most after a move, unless it said that they were stale. */
const LAG_MS = 60_000

export async function decisionLink(
  { registry }: { registry: Pick<Registry, 'ledger' | 'retention'> },
  decision: DecisionRecord,
): Promise<TraceLink> {
  const { input, inputDigest, project, ...rest } = decision
  const data = { ...rest, inputDigest, ...(input === null ? {} : { input }) }
  const link = (status: TraceLink['status'], says: string): TraceLink => ({ name: 'decision', status, says, data })
  if (input !== null && sha256(canonicalJson(input)) !== inputDigest) {
    return link('broken', `the input recorded does not have the digest ${inputDigest}`)
  }
  const says = `${decision.action} for an entity of arm ${decision.arm}, ${decision.eventAt} event time`
  const day = utcDay(Date.parse(decision.writtenAt))
  const entries = await registry.ledger.entries(project, { kind: 'day_closed', subject: 'decisions' })
  const closing = entries.find(({ body }) => body.day === day)
  if (!closing) return link('unchecked', `${says}; its day is not over, so no digest covers the row yet`)
  if (!isIntact(closing)) return link('broken', `the entry that closed ${day} was altered`)
  const closed = closing.body
  if (closed.rows > MOST_ROWS) {
    return link(
      'unchecked',
      `${says}; ${closed.rows} rows of ${day} have digest ${closed.digest}: slipway registry verify`,
    )
  }
  const found = await registry.retention.digestDay({ project, table: 'decisions', day })
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
  const late = stale ? '; the registry was away, the last known aliases answered' : ''
  if (source === 'forced') return link('intact', `arm ${arm} was forced by an operator; it is no evidence`)
  if (bucket === null || weight === null) return link('intact', `no canary was open: production answered${late}`)
  const share = `bucket ${bucket} of 10,000, the other arm had ${weight / 100} %`
  return fitsArm(arm, { bucket, weight })
    ? link('intact', `${share}${late}`)
    : link('broken', `${share}, which is not arm ${arm}`)
}

/** The ledger: an alias, or the move that left it for the holdback, had this release in this arm at that time. */
export async function aliasLink(
  { registry }: { registry: Pick<Registry, 'aliases'> },
  { project, arm, releaseId, writtenAt, stale, source }: DecisionRecord,
): Promise<TraceLink> {
  const written = Date.parse(writtenAt)
  const alias = arm === 'canary' ? 'canary' : 'production'
  const moves = (await registry.aliases.history(project)).filter((move) => move.alias === alias)
  const fits = moves.filter((move, index) => {
    const until = Date.parse(moves[index + 1]?.at ?? '9999-12-31')
    const inForce = Date.parse(move.at) <= written + LAG_MS && (stale || until >= written - LAG_MS)
    return inForce && (arm === 'holdback' ? move.from : move.to) === releaseId
  })
  const move = fits.at(-1)
  const data = { alias, move: move ?? null }
  if (move) {
    const says = `${alias} was moved to ${move.to} at ${move.at} by ${move.actor}: ${move.reason}`
    return { name: 'alias', status: 'intact', says, data }
  }
  if (source === 'replay') {
    const says = `${releaseId} was replayed as ${arm}: its run names both releases`
    return { name: 'alias', status: 'absent', says, data }
  }
  return { name: 'alias', status: 'broken', says: `${releaseId} was not ${alias} when this was written`, data }
}
