import { type Kysely, type Migration, sql } from 'kysely'

/**
 * Decisions that were written more than a week after they were made, for example from a spool that was found late. A
 * query about a period reads the days of writing around it, and these: `run_days` lists them as `late`, without a run.
 */
export const lateDays: Migration = {
  async up(db: Kysely<never>) {
    await sql`
      alter table run_days drop constraint run_days_rows_of_check,
        add check (rows_of in ('decisions', 'outcomes', 'early_labels', 'late'))`.execute(db)
    await sql`
      insert into run_days (project, workflow_id, rows_of, written_day)
      select distinct project, '', 'late', written_day from decisions where ${IS_LATE}`.execute(db)
    // As in migration 0006, and the late ones.
    await sql`
      create or replace function slipway_list_decisions() returns trigger language plpgsql as $$
      declare
        day date;
      begin
        for day in select distinct written_day from added loop
          if to_regclass('decision_days_' || to_char(day, 'YYYYMM')) is null then
            perform slipway_open_month(day);
          end if;
        end loop;
        insert into decision_days (project, decision_id, workflow_id, written_day)
        select project, decision_id, workflow_id, written_day from added;
        insert into run_days (project, workflow_id, rows_of, written_day)
        select project, workflow_id, 'decisions', written_day from added
        union select project, '', 'late', written_day from added where ${IS_LATE}
        order by 1, 2, 3, 4
        on conflict do nothing;
        return null;
      end $$`.execute(db)
  },
}

const IS_LATE = sql`written_day >= (event_at at time zone 'UTC')::date + 8`
