/** The critical slice: no slate may show a blocked listing. A single one fails the gate. */
import type { GateResult } from '../../../contracts/types.js'
import type { LoadedRelease } from '../../project.js'
import { impressionOf } from '../data/impressions.js'
import type { RankingModel } from '../model/artifact.js'
import { decide, listingsIn } from '../model/slate.js'
import { type HeldOut, outputOf, score } from './answers.js'

/**
 * The candidate decides each held-out page with a blocked listing twice: by its own scores, and with the blocked
 * listings scored above all others. A model may rank a blocked listing high tomorrow, so the slate rule alone must
 * exclude it.
 */
export function blockedGate(candidate: LoadedRelease, model: RankingModel, heldOut: HeldOut): GateResult {
  const { rows } = heldOut
  const pages = heldOut.pages.filter(({ items }) => items.some(({ blocked }) => blocked))
  const { matrix, scores } = score(model, heldOut, pages)
  let [blockedFound, shown, shownWhenFavoured] = [0, 0, 0]
  let example = ''
  pages.forEach((page, list) => {
    const impression = impressionOf(page, rows.listings)
    const blocked = new Set(page.items.filter((item) => item.blocked).map(({ listing }) => listing))
    const output = outputOf(impression, scores, matrix.offsets[list] as number)
    const favoured = { ...output, ...Object.fromEntries([...blocked].map((id) => [id, Number.MAX_VALUE])) }
    const blockedIn = (scored: Record<string, number>) =>
      listingsIn(decide(scored, candidate.actionPolicy, impression)).filter((id) => blocked.has(id))
    const own = blockedIn(output)
    blockedFound += blocked.size
    shown += own.length
    shownWhenFavoured += blockedIn(favoured).length
    if (own[0] && example === '') example = `${own[0]} for ${JSON.stringify(page.query)}`
  })
  const value = Math.max(shown, shownWhenFavoured)
  const tested = `${pages.length} slates of pages with ${blockedFound} blocked listings`
  const problem =
    shown > 0
      ? `${shown} blocked listings shown in ${tested}, the first ${example}`
      : `blocked listings are shown when the model scores them highest: ${shownWhenFavoured} in ${tested}`
  const untested = 'the held-out pages have no blocked listing, so the slate rule could not be tested'
  return {
    name: 'critical_slice_pass',
    passed: value === 0 && blockedFound > 0,
    value,
    threshold: 0,
    detail:
      value > 0
        ? problem
        : blockedFound === 0
          ? untested
          : `none shown in ${tested}, even when the model scores them highest`,
  }
}
