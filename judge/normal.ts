/**
 * The standard normal distribution to 12 digits, also far in its tails, where early boundaries of a group-sequential
 * plan are.
 */

const SQRT_PI = Math.sqrt(Math.PI)
/** Up to here the series is accurate; above, the continued fraction converges within its terms. */
const SERIES_UP_TO = 2
const FRACTION_TERMS = 60

/**
 * Complementary error function: Maclaurin series of erf, or Laplace's continued fraction (Abramowitz and Stegun 7.1.6,
 * 7.1.14).
 */
export function erfc(x: number): number {
  if (x < 0) return 2 - erfc(-x)
  if (x < SERIES_UP_TO) return 1 - erfBySeries(x)
  let fraction = x
  for (let term = FRACTION_TERMS; term >= 1; term -= 1) fraction = x + term / 2 / fraction
  return Math.exp(-x * x) / (SQRT_PI * fraction)
}

function erfBySeries(x: number): number {
  let term = x
  let sum = x
  for (let n = 1; term > sum * 1e-17; n += 1) {
    term *= (2 * x * x) / (2 * n + 1)
    sum += term
  }
  return (2 / SQRT_PI) * Math.exp(-x * x) * sum
}

/** Density at z. */
export const normalDensity = (z: number): number => Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI)

/** P(Z > z). */
export const normalTail = (z: number): number => 0.5 * erfc(z * Math.SQRT1_2)

/**
 * The z with P(Z > z) = tail.
 * @param tail 1e-300 up to 0.5
 */
export function normalQuantile(tail: number): number {
  // Newton's method on the logarithm, which is concave: from the right of the root it cannot overshoot.
  let z = Math.sqrt(-2 * Math.log(tail))
  for (let round = 0; round < 60; round += 1) {
    const found = normalTail(z)
    const step = (Math.log(found / tail) * found) / normalDensity(z)
    z += step
    if (Math.abs(step) < 1e-14 * (1 + z)) break
  }
  return z
}
