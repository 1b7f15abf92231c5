/** Up to when workers have recorded corrected labels: one that starts does not read the labels before again. */
import { sql } from 'kysely'
import type { Database } from '../database/connect.js'
import type { LabelsArea } from './labels-area.js'

const STEP = 'corrections'

export function createCorrectionCursor(db: Database): Pick<LabelsArea, 'correctionTimes' | 'recordedCorrections'> {
  return {
    async correctionTimes() {
      const { rows } = await sql<{ now: Date; through: Date | null }>`
        select clock_timestamp() as now,
          (select through from housekeeping_cursors where step = ${STEP}) as through`.execute(db)
      const { now, through } = rows[0] ?? { now: new Date(Number.NaN), through: null }
      return { now: now.toISOString(), recordedThrough: through?.toISOString() ?? null }
    },
    async recordedCorrections(through) {
      await sql`
        insert into housekeeping_cursors as known (step, through) values (${STEP}, ${through}::timestamptz)
        on conflict (step) do update set through = greatest(known.through, excluded.through)`.execute(db)
    },
  }
}
