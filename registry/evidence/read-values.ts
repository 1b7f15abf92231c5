/** Recorded inputs and outputs of production, for comparing two periods. */
import { sql } from 'kysely'
import type { Database } from '../database/connect.js'
import type { EvidenceArea } from './evidence-area.js'
import { before, since } from './written-days.js'

export function createValueReader(db: Database): Pick<EvidenceArea, 'recordedValues'> {
  return {
    async recordedValues({ project, from, to, paths, most }) {
      const ofWindow = sql`
        from decisions d where d.project = ${project} and d.source = 'live' and d.arm = 'production'
          and ${since(from)} and ${await before(db, project, to)}`
      const places = paths.map(
        (path) => sql`jsonb_build_object('input', d.input, 'output', d.output) #> ${[...path]}::text[]`,
      )
      const counted = await sql<{ n: string }>`select count(*) as n ${ofWindow}`.execute(db)
      const { rows } = await sql<{ found: unknown[] }>`
        select jsonb_build_array(${sql.join(places)}) as found ${ofWindow}
        order by md5(d.decision_id) limit ${most}`.execute(db)
      return { decisions: Number(counted.rows[0]?.n ?? 0), rows: rows.map(({ found }) => found) }
    },
  }
}
