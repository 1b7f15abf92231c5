/**
 * How often a candidate was judged on traffic. The promotion policy is not part of it: another name for the policy is
 * not another candidate.
 */
import { sql } from 'kysely'
import { canonicalJson } from '../../contracts/canonical.js'
import { lookKeyStart } from '../../contracts/ledger/index.js'
import type { ReleaseManifest } from '../../contracts/types.js'
import type { Database } from '../database/connect.js'
import { ENTRY_COLUMNS, toEntryOf } from '../ledger/entry-hash.js'
import type { JudgedOpening } from './releases-area.js'

const triedBy = ({ snapshot, featureVersion, model, actionPolicy }: ReleaseManifest): string =>
  canonicalJson({ snapshot, featureVersion, model, actionPolicy })

/** Bounded by the runs of this model, whatever else the project has: every query uses an index. */
export async function judgedOpenings(db: Database, manifest: ReleaseManifest): Promise<JudgedOpening[]> {
  const { project } = manifest
  const releases = await db
    .selectFrom('chain_entries')
    .select(ENTRY_COLUMNS)
    .where('project', '=', project)
    // As literals, for the index of the digests that entries contain.
    .where('kind', '=', sql.lit('release'))
    .where(
      sql<boolean>`kind in ('release', 'snapshot', 'training_run', 'dropped') and slipway_digests(body) @> array[${manifest.model.artifact}::text]`,
    )
    .execute()
  const same = releases
    .map((row) => toEntryOf(row, ['release']))
    .filter(({ body }) => triedBy(body.manifest) === triedBy(manifest))
    .map(({ subject }) => subject)
  if (same.length === 0) return []
  const runs = await db
    .selectFrom('runs')
    .select('workflow_id')
    .where('project', '=', project)
    .where('release_id', 'in', same)
    .orderBy('started_at')
    .execute()
  const found: JudgedOpening[] = []
  for (const { workflow_id: workflowId } of runs) {
    const openings = new Set<number>()
    // A shadow is judged where its losses are compared with those of production.
    for (const [phase, judged] of [
      ['shadow', sql<boolean>`body::jsonb -> 'paired' is not null`],
      ['canary', sql<boolean>`true`],
    ] as const) {
      const looks = await db
        .selectFrom('chain_entries')
        .select(sql<number>`coalesce((body::jsonb ->> 'opening')::int, 0)`.as('opening'))
        .distinct()
        .where('project', '=', project)
        .where('kind', '=', sql.lit('judgement'))
        .where(sql<boolean>`key like ${`${likeText(lookKeyStart(workflowId, phase))}%`}`)
        .where(judged)
        .execute()
      for (const { opening } of looks) openings.add(opening)
    }
    found.push(...[...openings].map((opening) => ({ workflowId, opening })))
  }
  return found
}

const likeText = (text: string): string => text.replace(/[\\%_]/g, '\\$&')
