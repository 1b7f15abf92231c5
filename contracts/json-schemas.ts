import { z } from 'zod'
import { ENTRY_SCHEMAS } from './ledger/index.js'
import * as schemas from './schemas/index.js'

/** The published contracts, by the name of their committed file. */
const PUBLISHED = {
  snapshot: schemas.snapshotManifest,
  release_manifest: schemas.releaseManifest,
  promotion_policy: schemas.promotionPolicy,
  evaluation_report: schemas.evaluationReport,
  evidence: schemas.evidence,
  judgement: schemas.judgement,
  verdict: schemas.verdict,
  trigger: schemas.trigger,
  operator_action: schemas.operatorAction,
  schedule_policy: schemas.schedulePolicy,
  conditions_policy: schemas.conditionsPolicy,
  retention_policy: schemas.retentionPolicy,
  heads: schemas.headObject,
  training_job: schemas.trainingJob,
  training_result: schemas.trainingResult,
}

/** File name → text of the JSON Schema (draft 2020-12), ending in a newline. */
export const jsonSchemas = (): Map<string, string> => published(PUBLISHED, '')

/** The same for the bodies of ledger entries, by kind. */
export const entrySchemas = (): Map<string, string> => published(ENTRY_SCHEMAS, 'ledger/')

const published = (schemas: Readonly<Record<string, z.ZodType>>, folder: string): Map<string, string> =>
  new Map(
    Object.entries(schemas).map(([name, schema]) => {
      const json = z.toJSONSchema(schema, { unrepresentable: 'any' })
      return [`${folder}${name}.schema.json`, `${JSON.stringify({ title: name, ...json }, null, 2)}\n`]
    }),
  )
