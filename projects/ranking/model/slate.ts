/** The slate for a list of scores, and the loss of a slate once its returns are known. */
import type { ActionPolicy } from '../../../contracts/types.js'
import { ownValue } from '../../kit/own-value.js'
import type { Label, Output } from '../../project.js'
import type { Impression } from '../listing.js'

/** The action when no listing may be shown. */
const NOTHING = 'none'

interface Rule {
  readonly slateSize: number
  readonly perBrand: number
  readonly showBlocked: boolean
  readonly showOutOfStock: boolean
}

/** @throws RangeError when the policy lacks a number or a flag: a missing rule must not mean "show all" */
function ruleOf({ version, parameters }: ActionPolicy): Rule {
  const { slateSize, perBrand, showBlocked, showOutOfStock } = parameters
  const counts = [slateSize, perBrand].every((value) => Number.isInteger(value) && Number(value) > 0)
  if (!counts || typeof showBlocked !== 'boolean' || typeof showOutOfStock !== 'boolean') {
    const required = 'slateSize and perBrand as whole numbers above 0, showBlocked and showOutOfStock as true or false'
    throw new RangeError(`action policy ${version} is not a slate rule; it requires ${required}`)
  }
  return { slateSize: Number(slateSize), perBrand: Number(perBrand), showBlocked, showOutOfStock }
}

/** Best score first, equal scores by id. Listings that the rule excludes are removed before brands are counted. */
export function decide(output: Output, policy: ActionPolicy, { candidates }: Impression): string {
  const rule = ruleOf(policy)
  const scoreOf = (id: string) => ownValue(output, id) ?? Number.NEGATIVE_INFINITY
  const order = candidates
    .filter(({ blocked, inStock }) => (rule.showBlocked || !blocked) && (rule.showOutOfStock || inStock))
    .sort((a, b) => scoreOf(b.id) - scoreOf(a.id) || (a.id < b.id ? -1 : 1))
  const ofBrand = new Map<string, number>()
  const slate: string[] = []
  for (const { id, brand } of order) {
    if (slate.length === rule.slateSize) break
    const before = brand === '' ? 0 : (ofBrand.get(brand) ?? 0)
    if (before >= rule.perBrand) continue
    ofBrand.set(brand, before + 1)
    slate.push(id)
  }
  return slate.length === 0 ? NOTHING : slate.join(' ')
}

export const listingsIn = (action: string): string[] => (action === NOTHING ? [] : action.split(' '))

/**
 * 1 − NDCG of the slate at its own size, by gains after returns. It is 1 if the slate shows a blocked listing, whose
 * gain is negative, and 0 if no listing had a gain.
 * @param label gain by listing; 0 for a listing that it does not name
 */
export function loss({ action, label }: { action: string; label: Label }, policy: ActionPolicy): number {
  const gains = typeof label === 'number' ? {} : label
  const shown = listingsIn(action).map((id) => ownValue(gains, id) ?? 0)
  if (shown.some((gain) => gain < 0)) return 1
  const ideal = discounted(best(Object.values(gains)), ruleOf(policy).slateSize)
  return ideal === 0 ? 0 : 1 - discounted(shown, shown.length) / ideal
}

/** NDCG@k of gains in the order of their scores (Järvelin and Kekäläinen 2002, linear gains); null without any gain. */
export function ndcg(ordered: readonly number[], k: number): number | null {
  const ideal = discounted(best(ordered), k)
  return ideal === 0 ? null : discounted(ordered, k) / ideal
}

/**
 * NDCG@10 of each page in the order of its scores; 0 without any gain. Equal scores in the order of the ids, as in a
 * slate.
 */
export const ndcgsOf = (
  scores: ArrayLike<number>,
  offsets: Uint32Array,
  pages: readonly { readonly items: readonly { readonly listing: string; readonly gain: number | null }[] }[],
): number[] =>
  pages.map(({ items }, list) => {
    const from = offsets[list] as number
    const order = [...items.keys()].sort(
      (a, b) =>
        compare(scores[from + b] as number, scores[from + a] as number) ||
        ((items[a]?.listing ?? '') < (items[b]?.listing ?? '') ? -1 : 1),
    )
    return (
      ndcg(
        order.map((index) => items[index]?.gain ?? 0),
        10,
      ) ?? 0
    )
  })

/** Infinite scores are equal, too. */
const compare = (one: number, other: number): number => (one === other ? 0 : one - other)

const best = (gains: readonly number[]): number[] => gains.filter((gain) => gain > 0).sort((a, b) => b - a)

const discounted = (gains: readonly number[], k: number): number =>
  gains.slice(0, k).reduce((sum, gain, place) => sum + gain / Math.log2(place + 2), 0)
