/**
 * Random numbers by hash: the same words give the same number, whatever was drawn before. Any day can be made alone.
 */

/** Uniform in (0, 1). The words are mixed one after the other by the finaliser of MurmurHash3 (Appleby). */
export function uniform(...words: number[]): number {
  let state = 0x9e3779b9
  for (const word of words) {
    state = mix((state ^ word) + 0x6d2b79f5)
  }
  return ((mix(state) >>> 0) + 0.5) / 2 ** 32
}

function mix(value: number): number {
  let x = value | 0
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b)
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35)
  return x ^ (x >>> 16)
}

/** Standard normal, by the Box–Muller transform. */
export function normal(...words: number[]): number {
  const radius = Math.sqrt(-2 * Math.log(uniform(...words, 1)))
  return radius * Math.cos(2 * Math.PI * uniform(...words, 2))
}

/**
 * Poisson with the given mean: by inversion of the uniform `at`, and above a mean of 50 by the square root transform.
 */
export function poisson(mean: number, at: number, ...words: number[]): number {
  if (mean > 50) return Math.max(0, Math.round((Math.sqrt(mean) + normal(...words) / 2) ** 2))
  let count = 0
  let term = Math.exp(-mean)
  for (let left = at - term; left > 0 && count < 1_000; left -= term) {
    count += 1
    term *= mean / count
  }
  return count
}

/** A path of `length` days: linear between independent normal knots every `every` days, with the given deviation. */
export function wander(length: number, every: number, deviation: number, ...words: number[]): Float64Array {
  const knots = Array.from({ length: Math.ceil(length / every) + 1 }, (_, knot) => normal(...words, knot))
  return Float64Array.from({ length }, (_, day) => {
    const knot = Math.floor(day / every)
    const share = day / every - knot
    return deviation * ((1 - share) * (knots[knot] as number) + share * (knots[knot + 1] as number))
  })
}
