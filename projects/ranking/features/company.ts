/**
 * Features of a candidate relative to the others. The best-matching titles have words, a category and brands that the
 * query does not name; a listing that shares them fits better (pseudo-relevance feedback, Rocchio 1971). A listing does
 * not vote for itself.
 */
import type { Candidate } from '../listing.js'
import type { Document } from './document.js'
import { rarity, type Vocabulary } from './vocabulary.js'

interface Company {
  readonly agreement: number
  readonly category_share: number
  readonly brand_share: number
}

/**
 * @param match `scores`: BM25 on the title; `weight`: the query's total weight, by which the best votes are sharpened
 */
export function companyOf(
  candidates: readonly Candidate[],
  documents: readonly Document[],
  match: { readonly scores: readonly number[]; readonly weight: number },
  vocabulary: Vocabulary,
): Company[] {
  const best = Math.max(...match.scores)
  const votes = match.scores.map((score) => Math.exp((score - best) / Math.max(1, 0.3 * match.weight)))
  const total = votes.reduce((sum, vote) => sum + vote, 0)
  const tally = (keysOf: (index: number) => Iterable<string>) => {
    const counted = new Map<string, number>()
    votes.forEach((vote, index) => {
      for (const key of keysOf(index)) counted.set(key, (counted.get(key) ?? 0) + vote / total)
    })
    return counted
  }
  const words = tally((index) => documents[index]?.inTitle ?? [])
  const categories = tally((index) => [candidates[index]?.category ?? ''])
  const brands = tally((index) => [candidates[index]?.brand ?? ''])
  const rarities = new Map([...words.keys()].map((word) => [word, rarity(vocabulary, vocabulary.title, word)]))
  return candidates.map((candidate, index) => {
    const own = (votes[index] as number) / total
    const others = Math.max(1e-9, 1 - own)
    let agreement = 0
    let weight = 0
    for (const word of documents[index]?.inTitle ?? []) {
      const rare = rarities.get(word) as number
      agreement += (((words.get(word) as number) - own) / others) * rare
      weight += rare
    }
    return {
      agreement: agreement / Math.sqrt(weight + 1),
      category_share: ((categories.get(candidate.category) as number) - own) / others,
      brand_share: candidate.brand === '' ? 0 : ((brands.get(candidate.brand) as number) - own) / others,
    }
  })
}
