/** Daily counts as of a cutoff: days that had ended by then, of the series that can be forecast. */
import { join } from 'node:path'
import { DAY_MS, durationMs } from '../../contracts/duration.js'
import type { SnapshotManifest } from '../../contracts/types.js'
import { refuseSource } from '../kit/source-problems.js'
import type { SnapshotDraft, SnapshotRequest, SourceProblems } from '../project.js'
import { columnsOf, writeRows } from './counts/demand-rows.js'
import { type Eligible, eligibleAt, FEWEST_DAYS } from './counts/eligible.js'
import { dayText, type History, historyUntil, openDays } from './counts/history.js'
import { type Demand, openDemand } from './counts/open-demand.js'
import { dayKnownBy } from './features/horizon.js'
import { policy } from './policy.js'

/** Eight weeks for the usual level, four to train on, two to calibrate on and two to hold out. */
const FEWEST_HISTORY_DAYS = 112

export async function importSnapshot({ source, cutoff, outFolder, problems }: SnapshotRequest): Promise<SnapshotDraft> {
  // A day's counts are known once they are posted in its evening.
  const until = dayKnownBy(cutoff) + 1
  const demand = await openDemand(source, until, problems)
  const history = deliveredUntil(historyUntil(demand.history, until))
  refuseStrays(demand, cutoff, until, problems)
  const eligible = eligibleAt(history, history.days - 1)
  refuseTooLittle(demand, cutoff, history, eligible, problems)
  const kept: History = { ...history, series: eligible.series }
  const dataFile = join(outFolder, 'demand.ndjson')
  await writeRows(dataFile, kept)
  const rows = kept.series.reduce((sum, series) => sum + openDays(kept, series), 0)
  return {
    dataFile,
    manifest: {
      source: { name: demand.name, files: demand.files },
      cutoff: new Date(cutoff).toISOString(),
      days: { first: dayText(history.first), last: dayText(history.first + history.days - 1) },
      rows,
      labelled: rows,
      censored: 0,
      rejected: [...demand.rejected, ...leftOut(history, eligible), ...closings(kept)],
      columns: columnsOf(kept.series),
    },
  }
}

/** Counts that were not delivered by the cutoff are not in the snapshot, even if they are known now. */
const deliveredUntil = (history: History): History =>
  history.loadedUntil === undefined ? history : historyUntil(history, history.first + history.loadedUntil + 1)

/** The series and days that are left out. Closed days are listed, too: a closed day and a lost one look alike. */
function leftOut(history: History, { excluded }: Eligible): SnapshotManifest['rejected'] {
  const closed = history.open.reduce((sum, isOpen) => sum + 1 - isOpen, 0)
  return [
    ...excluded.map(({ reason, series }) => ({
      reason: `${reason} (${series.length}, e.g. ${series[0]?.code}), counts`,
      rows: series.reduce((sum, one) => sum + openDays(history, one), 0),
    })),
    ...(closed === 0 ? [] : [{ reason: 'days on which the shop was closed', rows: closed }]),
  ]
}

/** Counts that are left out since their series was closed while the shop was open. */
function closings(history: History): SnapshotManifest['rejected'] {
  const rows = history.series.reduce(
    (sum, series) => sum + openDays(history, { ...series, closed: new Uint8Array() }) - openDays(history, series),
    0,
  )
  return rows === 0 ? [] : [{ reason: 'days on which single series were closed', rows }]
}

/**
 * Rows after the cutoff are replayed as traffic if the file continues for longer than the label horizon. A few days
 * after the cutoff are a mistake: no canary could be judged on them.
 */
function refuseStrays(
  { endless, history, name }: Demand,
  cutoff: number,
  until: number,
  problems: SourceProblems | undefined,
): void {
  const after = history.first + history.days - until
  const horizon = durationMs(policy.labelHorizon) / DAY_MS
  if (endless || after <= 0 || after > horizon) return
  const past = `has rows on ${after === 1 ? 'a day' : `${after} days`} after the cutoff ${new Date(cutoff).toISOString()}, the last of them ${dayText(until + after - 1)}`
  const wayOut = `remove them, give a later --cutoff, or add rows up to more than ${policy.labelHorizon} after the cutoff so that they can be replayed`
  refuseSource(problems, `${name} ${past}; ${wayOut}`)
}

function refuseTooLittle(
  { name }: Demand,
  cutoff: number,
  { days }: History,
  { series, excluded }: Eligible,
  problems: SourceProblems | undefined,
): void {
  const at = new Date(cutoff).toISOString()
  if (days < FEWEST_HISTORY_DAYS) {
    const wanted = `at least ${FEWEST_HISTORY_DAYS} are required: give a later --cutoff or a longer file`
    refuseSource(problems, `${name} has ${Math.max(0, days)} days before the cutoff ${at}; ${wanted}`)
    return
  }
  if (series.length > 0) return
  const why = excluded
    .map((group) => `${group.series.length} ${group.reason} such as ${group.series[0]?.code}`)
    .join(', ')
  refuseSource(
    problems,
    `${name} has no series that can be forecast at the cutoff ${at} (${why || 'it has none at all'}); give at least one with ${FEWEST_DAYS} days of counts that still sells`,
  )
}
