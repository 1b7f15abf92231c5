/** The critical gate: no slate may hold a listing that must not be shown. A single one holds the candidate. */
import type { GateResult } from '../../../contracts/types.js'
import type { LoadedRelease } from '../../project.js'
import { impressionOf } from '../data/impressions.js'
import type { RankingModel } from '../model/artifact.js'
import { decide, listingsIn } from '../model/slate.js'
import { type HeldOut, outputOf, score } from './answers.js'

/**
 * Every held-out page for which a blocked listing was found is put to the candidate twice: as it scores it, and with the blocked listings
 * scored above all others, since what a model happens to rank low today it may rank high tomorrow; the rule must hold alone.
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
  const tested = `${pages.length} slates from pages for which ${blockedFound} blocked listings were found`
  const problem =
    shown > 0
      ? `${shown} blocked listings shown in ${tested}, the first ${example}`
      : `blocked listings are shown as soon as the model favours them: ${shownWhenFavoured} in ${tested}`
  const untested = 'no blocked listing was found in the held-out time, so that the rule was not put to the test'
  return {
    name: 'critical_slice_pass',
    passed: value === 0 && blockedFound > 0,
    value,
    threshold: 0,
    detail:
      value > 0 ? problem : blockedFound === 0 ? untested : `none shown in ${tested}, even when the model favours them`,
  }
}
