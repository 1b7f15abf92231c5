import { type RawBuilder, sql } from 'kysely'
import { SlipwayError } from '../../contracts/failure.js'
import { requireRecordableJson } from '../../contracts/recordable-text.js'
import { FAILURE_LABEL } from '../../contracts/scoring-failure.js'
import type { Database } from '../database/connect.js'
import type { OutcomeRow } from '../labels/label-types.js'
import type { DecisionRow, StoredDecision } from './decision-types.js'
import type { EvidenceArea } from './evidence-area.js'

const BATCH = 5_000
/** The sum of many squares of it is still a double: a larger loss would make the evidence of the project unreadable. */
const LARGEST_LOSS = 1e100

/** One JSON text and one call per batch: 10 times as fast as one statement per row. */
export function createEvidenceRecorder(
  db: Database,
): Pick<EvidenceArea, 'recordDecisions' | 'recordOutcomes' | 'logDecisions' | 'logShadowDecisions'> {
  return {
    async recordDecisions(project, rows) {
      let added = 0
      for (const batch of batches(rows)) added += (await logDecisions(db, project, batch)).added
      return added
    },
    async logDecisions(project, rows) {
      const stored: StoredDecision[] = []
      for (const batch of batches(rows)) stored.push(...(await logDecisions(db, project, batch)).stored)
      return stored
    },
    async logShadowDecisions(project, rows) {
      // The commits of a shadow must not wait for the disk beside those that a caller waits for. One statement is one
      // transaction and one message: the setting ends with it.
      const setting = sql`, set_config('synchronous_commit', 'off', true)`
      for (const batch of batches(rows)) await insertDecisions(db, project, batch, setting)
    },
    async recordOutcomes(project, rows) {
      for (const row of rows) requireOutcome(row)
      let added = 0
      for (const batch of batches(rows)) {
        const text = JSON.stringify(batch.map((row) => ({ ...row, id: row.decisionId, at: iso(row.observedAt) })))
        requireRecordableJson(text, 'an outcome')
        added += await call<number>(db, sql`select slipway_log_outcomes(${project}, ${text}::json) as value`)
      }
      return added
    },
  }
}

function* batches<Row>(rows: readonly Row[]): Generator<readonly Row[]> {
  for (let from = 0; from < rows.length; from += BATCH) yield rows.slice(from, from + BATCH)
}

export const iso = (epochMs: number): string => new Date(epochMs).toISOString()

async function call<Value>(db: Database, statement: RawBuilder<unknown>): Promise<Value> {
  const { rows } = await (statement as RawBuilder<{ value: Value }>).execute(db)
  const [row] = rows
  if (!row) throw new RangeError('a database function returns one row')
  return row.value
}

interface Logged {
  readonly added: number
  readonly stored: readonly StoredDecision[]
}

/**
 * A decision whose scoring failed is never there without its label: it would count as one of the release that answered.
 */
const logDecisions = (db: Database, project: string, rows: readonly DecisionRow[]): Promise<Logged> =>
  rows.some(({ failureLoss }) => failureLoss !== undefined)
    ? db.transaction().execute(async (transaction) => {
        const logged = await insertDecisions(transaction, project, rows)
        await labelFailures(transaction, project, { rows, stored: logged.stored })
        return logged
      })
    : insertDecisions(db, project, rows)

async function labelFailures(
  db: Database,
  project: string,
  { rows, stored }: Pick<Logged, 'stored'> & { rows: readonly DecisionRow[] },
) {
  const earlier = new Map(stored.map((row) => [row.decisionId, row]))
  const failed = rows.flatMap(({ decisionId, releaseId, failureLoss: loss, eventAt }) => {
    // The id may have been used before, for a decision whose scoring did not fail.
    const known = earlier.get(decisionId)
    if (loss === undefined || (known && known.releaseId !== releaseId)) return []
    requireSummable(decisionId, { loss })
    return [{ id: decisionId, version: 1, label: FAILURE_LABEL, loss, at: iso(eventAt) }]
  })
  if (failed.length > 0) await sql`select slipway_log_outcomes(${project}, ${JSON.stringify(failed)}::json)`.execute(db)
}

async function insertDecisions(
  db: Database,
  project: string,
  rows: readonly DecisionRow[],
  setting: RawBuilder<unknown> = sql``,
): Promise<Logged> {
  const text = `[${rows.map((row) => wireText(project, row)).join(',')}]`
  const { added, stored } = await call<{ added: number; stored: Wire[] | null }>(
    db,
    sql`select slipway_log_decisions(${text}::json) as value${setting}`,
  )
  return { added, stored: (stored ?? []).map(unwire) }
}

type Wire = Omit<StoredDecision, 'decisionId' | 'releaseId' | 'inputDigest'> & {
  readonly id: string
  readonly release: string
  readonly digest: string | null
}

const unwire = ({ id, release, digest, ...row }: Wire): StoredDecision => ({
  project: row.project,
  arm: row.arm,
  output: row.output,
  action: row.action,
  decisionId: id,
  releaseId: release,
  inputDigest: digest,
})

/**
 * What `logDecisions` requires of a row, asked before the row waits for it.
 * @throws SlipwayError BadRequest
 */
export function requireRecordableDecision(project: string, row: DecisionRow): void {
  wireText(project, row)
}

/** Of rows that were checked and wait for their flush: a flush of many must not keep the other requests waiting. */
const checked = new WeakMap<DecisionRow, { readonly project: string; readonly text: string }>()

function wireText(project: string, row: DecisionRow): string {
  const known = checked.get(row)
  if (known?.project === project) return known.text
  const text = JSON.stringify(wire(project, row))
  requireRecordableJson(text, 'a decision')
  checked.set(row, { project, text })
  return text
}

function wire(project: string, row: DecisionRow): object {
  const expected = row.expectedLoss ?? 0
  requireFinite(row.decisionId, { eventAt: row.eventAt, expectedLoss: expected })
  requireSummable(row.decisionId, { expectedLoss: expected })
  return {
    project,
    id: row.decisionId,
    workflow: row.workflowId,
    release: row.releaseId,
    arm: row.arm,
    source: row.source ?? 'replay',
    entity: row.entityHash,
    at: iso(row.eventAt),
    output: row.output,
    action: row.action,
    expected: row.expectedLoss,
    input: row.input,
    digest: row.inputDigest,
    bucket: row.split?.bucket,
    weight: row.split?.weight,
    stale: row.stale ?? false,
    segments: row.segments,
    fresh: row.fresh ?? false,
  }
}

export function requireOutcome({ decisionId, label, loss, observedAt }: Omit<OutcomeRow, 'version'>): void {
  requireFinite(decisionId, { ...(typeof label === 'number' ? { label } : label), loss, observedAt })
  requireSummable(decisionId, { loss })
}

/** PostgreSQL would store NaN, and every later sum over it would be NaN. */
function requireFinite(decisionId: string, numbers: Record<string, number>): void {
  for (const [name, value] of Object.entries(numbers)) {
    if (!Number.isFinite(value))
      throw new SlipwayError('BadRequest', `${name} of decision "${decisionId}" is ${value}; it must be a number`)
  }
}

function requireSummable(decisionId: string, losses: Record<string, number>): void {
  for (const [name, value] of Object.entries(losses)) {
    if (Math.abs(value) > LARGEST_LOSS)
      throw new SlipwayError('BadRequest', `${name} of decision "${decisionId}" is ${value}, which cannot be summed`)
  }
}
