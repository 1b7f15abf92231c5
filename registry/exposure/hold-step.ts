/** What stops a canary must not wait for a worker: a step that is recorded for the next day begins without one. */
import { eventNow } from '../../contracts/clock.js'
import { isLive } from '../../contracts/evidence-source.js'
import { type ExposureRecord, type ExposureStep, heldStep } from '../../contracts/exposure.js'
import { stepKey } from '../../contracts/ledger/index.js'
import type { Database } from '../database/connect.js'
import { databaseTime, type LedgerClock, type WithLedger } from '../ledger/append-entries.js'
import type { ExposureArea } from './exposure-area.js'
import { readExposure } from './read-exposure.js'

export const createStepHolder = (
  db: Database,
  withLedger: WithLedger,
  now: LedgerClock,
): Pick<ExposureArea, 'hold'> => ({
  async hold({ project, workflowId }) {
    const wallNow = now?.() ?? (await databaseTime(db))
    const held = (record: ExposureRecord) => heldOf(record, workflowId, wallNow)
    // Most often there is nothing to hold, and the ledger is not locked.
    if (!held(await readExposure(db, project))) return
    await withLedger(project, async (ledger) => {
      const found = held(await readExposure(ledger.db, project))
      if (!found) return
      const key = stepKey(workflowId, found.body, found.again)
      await ledger.append({ project, kind: 'canary_step', subject: workflowId, key, body: found.body })
    })
  },
})

/** The entry, and how often its step was recorded before. */
function heldOf(
  { run }: ExposureRecord,
  workflowId: string,
  wallNow: number,
): { readonly body: ExposureStep; readonly again: number } | null {
  if (run?.workflowId !== workflowId || run.phase !== 'canary' || !isLive(run.input.trigger)) return null
  const body = heldStep(run.steps, eventNow(run.input.clock, wallNow))
  return body && { body, again: run.steps.filter(({ step }) => step === body.step).length }
}
