/** Seeded randomness for simulations: the same seed always gives the same run. */

/** Uniform in [0, 1). */
export type Random = () => number

/** xoshiro128** (Blackman and Vigna 2018), its state filled by splitmix32 from seed and stream. */
export function createRandom(seed: number, stream = 0): Random {
  let mix = (Math.imul(seed | 0, 0x9e3779b9) ^ Math.imul((stream + 1) | 0, 0x85ebca6b)) | 0
  const next = () => {
    mix = (mix + 0x9e3779b9) | 0
    let z = mix ^ (mix >>> 16)
    z = Math.imul(z, 0x21f0aaad)
    z ^= z >>> 15
    z = Math.imul(z, 0x735a2d97)
    return z ^ (z >>> 15)
  }
  let [a, b, c, d] = [next(), next(), next(), next()]
  return () => {
    const product = Math.imul(b, 5)
    const result = Math.imul((product << 7) | (product >>> 25), 9)
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = (d << 11) | (d >>> 21)
    return (result >>> 0) / 2 ** 32
  }
}

/** Above this variance the skewness of the binomial is below a hundredth, and a normal number is drawn instead. */
const NORMAL_ABOVE = 2_500

/** More trials are not drawn one by one: of a billion that rarely succeed, only the successes are. */
const ONE_BY_ONE = 1_000_000

/** How many of n trials succeed. */
export function binomial(random: Random, n: number, probability: number): number {
  if (n * probability * (1 - probability) > NORMAL_ABOVE) return normalApproximation(random, n, probability)
  if (n > ONE_BY_ONE) return bySkipping(random, n, probability)
  let successes = 0
  for (let trial = 0; trial < n; trial += 1) if (random() < probability) successes += 1
  return successes
}

/** The gaps between successes, or between failures if they are fewer, are geometric. */
function bySkipping(random: Random, n: number, probability: number): number {
  if (probability > 0.5) return n - bySkipping(random, n, 1 - probability)
  if (probability <= 0) return 0
  const scale = Math.log1p(-probability)
  let successes = -1
  for (let trial = 0; trial <= n; successes += 1) trial += 1 + Math.floor(Math.log(1 - random()) / scale)
  return successes
}

function normalApproximation(random: Random, n: number, probability: number): number {
  // Box–Muller transform; 1 − u keeps the logarithm finite.
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const drawn = Math.round(n * probability + normal * Math.sqrt(n * probability * (1 - probability)))
  return Math.min(n, Math.max(0, drawn))
}
