/**
 * Population stability index of one feature: Σ (pᵢ − qᵢ) ln(pᵢ / qᵢ) over bins, the symmetric Kullback–Leibler
 * divergence (Siddiqi, Credit Risk Scorecards, 2006). Numbers are binned by the deciles of the reference, other values
 * by themselves, the rarest together. Half a decision is added to each bin, so that an empty bin does not give
 * infinity. Pure.
 */
const DECILES = 10
const MOST_CATEGORIES = 20
const REST = 'all others'
const MISSING = 'missing'

/** @returns the index, at least 0; about (bins − 1)(1/n + 1/m) when nothing changed (Yurdakul, 2018) */
export function stabilityIndex(reference: readonly unknown[], current: readonly unknown[]): number {
  const binOf = binning(reference)
  const [before, now] = [countsOf(reference, binOf), countsOf(current, binOf)]
  const bins = [...new Set([...before.keys(), ...now.keys()])].sort()
  const share = (counts: ReadonlyMap<string, number>, all: number, bin: string) =>
    ((counts.get(bin) ?? 0) + 0.5) / (all + 0.5 * bins.length)
  return bins.reduce((sum, bin) => {
    const [p, q] = [share(now, current.length, bin), share(before, reference.length, bin)]
    return sum + (p - q) * Math.log(p / q)
  }, 0)
}

function binning(reference: readonly unknown[]): (value: unknown) => string {
  const given = reference.filter((value) => value !== null && value !== undefined)
  const numbers = given.filter((value): value is number => typeof value === 'number').sort((a, b) => a - b)
  const orMissing = (bin: (value: unknown) => string) => (value: unknown) =>
    value === null || value === undefined ? MISSING : bin(value)
  if (numbers.length > 0 && numbers.length === given.length) {
    const decile = (rank: number) => numbers[Math.ceil((rank / DECILES) * numbers.length) - 1] as number
    const deciles = Array.from({ length: DECILES - 1 }, (_, index) => decile(index + 1))
    const edges = [...new Set(deciles)]
    // A value of two deciles and more has a bin of its own: otherwise nothing below the highest value could be told
    // from it, where nine tenths and more of the reference have that value.
    const frequent = new Set(deciles.filter((edge, index) => edge === deciles[index - 1]))
    const binFor = (value: number): string => {
      if (frequent.has(value)) return nameOf(value)
      return `up to ${edges.find((edge) => value <= edge) ?? 'the highest'}`
    }
    return orMissing((value) => (typeof value === 'number' ? binFor(value) : REST))
  }
  const counts = countsOf(given, nameOf)
  const common = [...counts].sort(([, a], [, b]) => b - a).slice(0, MOST_CATEGORIES)
  const kept = new Set(common.map(([name]) => name))
  return orMissing((value) => (kept.has(nameOf(value)) ? nameOf(value) : REST))
}

const nameOf = (value: unknown): string => `= ${JSON.stringify(value)}`

function countsOf(values: readonly unknown[], binOf: (value: unknown) => string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(binOf(value), (counts.get(binOf(value)) ?? 0) + 1)
  return counts
}
