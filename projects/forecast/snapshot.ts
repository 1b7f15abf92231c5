/** Daily counts as of a cutoff: days that had ended by then, of the series that can be forecast; the rest counted by reason. */
import { join } from 'node:path'
import { DAY_MS, durationMs } from '../../contracts/duration.js'
import { SlipwayError } from '../../contracts/failure.js'
import type { SnapshotManifest } from '../../contracts/types.js'
import type { SnapshotDraft, SnapshotRequest } from '../project.js'
import { type Eligible, eligibleAt, FEWEST_DAYS } from './counts/eligible.js'
import { dayText, type History, historyUntil } from './counts/history.js'
import { COLUMNS, writeRows } from './counts/rows.js'
import { openSource, type Source } from './counts/source.js'
import { dayKnownBy } from './features/horizon.js'
import { policy } from './policy.js'

/** Eight weeks of level, two to hold out, two to calibrate on, four to learn from. */
const FEWEST_HISTORY_DAYS = 112

export async function importSnapshot({ source: path, cutoff, outFolder }: SnapshotRequest): Promise<SnapshotDraft> {
  // A day's counts are known once they are posted in its evening.
  const until = dayKnownBy(cutoff) + 1
  const source = await openSource(path, until)
  const history = deliveredUntil(historyUntil(source.history, until))
  refuseStrays(source, cutoff, until)
  const eligible = eligibleAt(history, history.days - 1)
  refuseTooLittle(source, cutoff, history, eligible)
  const kept: History = { ...history, series: eligible.series }
  const dataFile = join(outFolder, 'demand.ndjson')
  await writeRows(dataFile, kept)
  const rows = kept.series.reduce((sum, series) => sum + daysOf(kept, series), 0)
  return {
    dataFile,
    manifest: {
      source: { name: source.name, files: source.files },
      cutoff: new Date(cutoff).toISOString(),
      days: { first: dayText(history.first), last: dayText(history.first + history.days - 1) },
      rows,
      labelled: rows,
      censored: 0,
      rejected: [...source.rejected, ...leftOut(history, eligible)],
      columns: COLUMNS.map((column) => ({ ...column })),
    },
  }
}

/** What was not delivered by the cutoff is not in the snapshot, even where it is known by now. */
const deliveredUntil = (history: History): History =>
  history.loadedUntil === undefined ? history : historyUntil(history, history.first + history.loadedUntil + 1)

/** Open days since a series went on sale: one count each. */
const daysOf = ({ open }: History, { onSale }: { onSale: number }): number =>
  open.subarray(onSale).reduce((sum, isOpen) => sum + isOpen, 0)

/** Days closed are no rows at all; they are named, since a closed day and a lost one look alike. */
function leftOut(history: History, { excluded }: Eligible): SnapshotManifest['rejected'] {
  const closed = history.open.reduce((sum, isOpen) => sum + 1 - isOpen, 0)
  return [
    ...excluded.map(({ reason, series }) => ({
      reason: `${reason} (${series.length}, e.g. ${series[0]?.code}), counts`,
      rows: series.reduce((sum, one) => sum + daysOf(history, one), 0),
    })),
    ...(closed === 0 ? [] : [{ reason: 'days on which the shop was closed', rows: closed }]),
  ]
}

/**
 * A file that goes on past the cutoff is a history whose later days are replayed as traffic. It is one when it has rows on the
 * days of the label horizon; a few beyond the cutoff are a mistake, and no traffic anybody could judge.
 */
function refuseStrays({ endless, history, name }: Source, cutoff: number, until: number): void {
  const after = history.first + history.days - until
  const horizon = durationMs(policy.labelHorizon) / DAY_MS
  if (endless || after <= 0 || after > horizon) return
  const past = `has rows on ${after === 1 ? 'a day' : `${after} days`} after the cutoff ${new Date(cutoff).toISOString()}, the last of them ${dayText(until + after - 1)}`
  const wayOut = `leave them out, name a later --cutoff, or let the file go on for more than ${policy.labelHorizon} so that it can be replayed`
  throw new SlipwayError('BadData', `${name} ${past}; ${wayOut}`)
}

function refuseTooLittle({ name }: Source, cutoff: number, { days }: History, { series, excluded }: Eligible): void {
  const at = new Date(cutoff).toISOString()
  if (days < FEWEST_HISTORY_DAYS) {
    const wanted = `at least ${FEWEST_HISTORY_DAYS} are needed: name a later --cutoff or a longer file`
    throw new SlipwayError('BadData', `${name} has ${Math.max(0, days)} days before the cutoff ${at}; ${wanted}`)
  }
  if (series.length > 0) return
  const why = excluded
    .map((group) => `${group.series.length} ${group.reason} such as ${group.series[0]?.code}`)
    .join(', ')
  throw new SlipwayError(
    'BadData',
    `${name} has no series that can be forecast at the cutoff ${at} (${why || 'it has none at all'}); give at least one with ${FEWEST_DAYS} days of counts that still sells`,
  )
}
