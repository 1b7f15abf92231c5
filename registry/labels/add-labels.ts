import { sql } from 'kysely'
import { canonicalJson } from '../../contracts/canonical.js'
import { requireRecordableJson } from '../../contracts/recordable-text.js'
import { isScoringFailure, labelAfterFailure } from '../../contracts/scoring-failure.js'
import type { Database } from '../database/connect.js'
import { iso, requireOutcome } from '../evidence/record-evidence.js'
import { writtenOnLabelDays } from './label-days.js'
import type { LabelledDecision, LabelResult, NewLabel, OutcomeRow } from './label-types.js'
import type { LabelsArea } from './labels-area.js'

interface Known {
  readonly id: string
  readonly version: number
  readonly label: OutcomeRow['label']
  readonly loss: number
  readonly at: Date
}

/**
 * Versions are assigned under a lock of the project's labels, so that two concurrent deliveries become versions 1 and
 * 2. Two deliveries are the same when decision, label and the instant of observation are the same.
 */
export function createLabels(db: Database): Pick<LabelsArea, 'add' | 'setAside'> {
  return {
    async add(project, labels) {
      if (labels.length === 0) return []
      for (const label of labels) requireOutcome(label)
      return db
        .transaction()
        .setIsolationLevel('read committed')
        .execute(async (transaction) => {
          await sql`select pg_advisory_xact_lock(hashtextextended(${`slipway/labels/${project}`}, 0))`.execute(
            transaction,
          )
          const ids = labels.map((one) => one.decisionId)
          const written = await writtenOnLabelDays(transaction, project, ids)
          const { rows: known } = await sql<Known>`
            select decision_id as id, version, label, loss, observed_at as at from outcomes
            where project = ${project} and decision_id = any(${ids}::text[]) and ${written}
            order by version`.execute(transaction)
          const { results, added } = assignVersions(known, labels)
          const text = JSON.stringify(added)
          requireRecordableJson(text, 'a label')
          if (added.length > 0) await sql`select slipway_log_outcomes(${project}, ${text}::json)`.execute(transaction)
          return results
        })
    },

    async setAside(project, labels) {
      const text = JSON.stringify(labels.map((one) => ({ ...one, id: one.decisionId, at: iso(one.observedAt) })))
      requireRecordableJson(text, 'a label')
      await db.transaction().execute(async (transaction) => {
        // Two statements, because the first one may create the day's partitions.
        const { rows } = await sql<{ day: string }>`select slipway_writing_day()::text as day`.execute(transaction)
        await sql`
          insert into early_labels (project, decision_id, label, observed_at, written_day)
          select ${project}, r.id, r.label, r.at, ${rows[0]?.day}::date
          from json_to_recordset(${text}::json) as r(id text, label jsonb, at timestamptz)
          on conflict do nothing`.execute(transaction)
      })
    },
  }
}

const identity = ({ label, observedAt }: Pick<NewLabel, 'label' | 'observedAt'>) =>
  `${observedAt} ${canonicalJson(label)}`

function assignVersions(known: readonly Known[], labels: readonly LabelledDecision[]) {
  const versions = new Map<string, Set<string>>()
  const versionsOf = (id: string) => {
    const found = versions.get(id) ?? new Set()
    versions.set(id, found)
    return found
  }
  for (const { id, label, at } of known) versionsOf(id).add(identity({ label, observedAt: at.getTime() }))
  const failures = new Map(known.filter(({ label }) => isScoringFailure(label)).map(({ id, loss }) => [id, loss]))
  const added: object[] = []
  const results = labels.map((given): LabelResult => {
    const failureLoss = failures.get(given.decisionId)
    const one =
      failureLoss === undefined ? given : { ...given, label: labelAfterFailure(given.label), loss: failureLoss }
    const seen = versionsOf(one.decisionId)
    if (seen.has(identity(one))) return 'duplicate'
    seen.add(identity(one))
    const version = seen.size
    added.push({ id: one.decisionId, version, label: one.label, loss: one.loss, at: iso(one.observedAt) })
    // The failure is version 1; what the caller delivers then is not a correction.
    return version === (failureLoss === undefined ? 1 : 2) ? 'first' : 'correction'
  })
  return { results, added }
}
