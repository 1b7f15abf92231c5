/**
 * The data as of a cutoff: the catalogue and results pages. Gains are included only if all returns were known by then.
 */
import { join } from 'node:path'
import { DAY_MS, utcDay } from '../../contracts/duration.js'
import { SlipwayError } from '../../contracts/failure.js'
import type { SnapshotDraft, SnapshotRequest } from '../project.js'
import { openShop } from './data/open-shop.js'
import { isLabelled } from './data/page.js'
import { COLUMNS, writeRows } from './data/page-rows.js'
import { RETURN_WINDOW_MS } from './policy.js'

/** Two return windows, a week to hold out, and up to three weeks to train on. */
const DAYS = (2 * RETURN_WINDOW_MS) / DAY_MS + 7 + 21
/** The same with three days to train on. */
const FEWEST_DAYS = DAYS - 18

export async function importSnapshot({ source, cutoff, outFolder, problems }: SnapshotRequest): Promise<SnapshotDraft> {
  const shop = await openShop(source, problems)
  const pages = shop.pages(cutoff - DAYS * DAY_MS, cutoff)
  const [oldest, newest] = [pages[0], pages.at(-1)]
  const judged = oldest?.order === 'judged'
  if (!oldest || !newest || (!judged && cutoff - oldest.at < (FEWEST_DAYS - 1) * DAY_MS)) {
    const problem = `has ${oldest ? `nothing before ${utcDay(oldest.at)}` : 'nothing'} for the cutoff ${utcDay(cutoff)}`
    const wayOut = `${FEWEST_DAYS} days are required, so that returns are known and a week can be held out: give a later --cutoff`
    throw new SlipwayError('BadData', `${shop.source.name} ${problem}; ${wayOut}`)
  }
  const dataFile = join(outFolder, 'pages.jsonl')
  await writeRows(dataFile, { listings: shop.listings, pages })
  const labelled = pages.filter(isLabelled).length
  return {
    dataFile,
    manifest: {
      source: shop.source,
      cutoff: new Date(cutoff).toISOString(),
      days: { first: utcDay(oldest.at), last: utcDay(newest.at) },
      rows: pages.length,
      labelled,
      censored: pages.length - labelled,
      rejected: [...shop.rejected],
      columns: COLUMNS.map((column) => ({ ...column })),
    },
  }
}
