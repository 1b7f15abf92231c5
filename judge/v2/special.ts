/** Gamma and beta functions, for the tails of chi-square and of Student's t. */

const LANCZOS = [
  676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
  -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
]

/** ln Γ(x) for x ≥ 0.5 (Lanczos). */
export function logGamma(x: number): number {
  const at = x - 1
  const sum = LANCZOS.reduce((total, factor, index) => total + factor / (at + index + 1), 0.9999999999998099)
  const t = at + LANCZOS.length - 0.5
  return 0.5 * Math.log(2 * Math.PI) + (at + 0.5) * Math.log(t) - t + Math.log(sum)
}

const TINY = 1e-300
const TERMS = 2_000
const CLOSE = 1e-15

/** P(χ² with `freedom` degrees > x). */
export function chiSquareTail(x: number, freedom: number): number {
  const [a, half] = [freedom / 2, x / 2]
  if (half <= 0) return 1
  const front = Math.exp(a * Math.log(half) - half - logGamma(a))
  if (half < a + 1) {
    let [term, sum] = [1 / a, 1 / a]
    for (let n = 1; n < TERMS && term > sum * CLOSE; n += 1) {
      term *= half / (a + n)
      sum += term
    }
    return 1 - front * sum
  }
  return front * fraction(half + 1 - a, (n) => [-n * (n - a), half + 2 * n + 1 - a])
}

/** 1/(first + a₁/(b₁ + a₂/(b₂ + …))), by Lentz's method. */
function fraction(first: number, term: (n: number) => readonly [a: number, b: number]): number {
  let d = 1 / (first || TINY)
  let c = 1 / TINY
  let value = d
  for (let n = 1; n < TERMS; n += 1) {
    const [a, b] = term(n)
    d = 1 / (a * d + b || TINY)
    c = b + a / c || TINY
    value *= d * c
    if (Math.abs(d * c - 1) < CLOSE) break
  }
  return value
}

/** Regularised incomplete beta function; converges for x < (a + 1)/(a + b + 2). */
function betaPart(x: number, a: number, b: number): number {
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a
  return (
    front *
    fraction(1, (n) => {
      const m = Math.floor(n / 2)
      const factor =
        n % 2 === 0
          ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
          : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
      return [factor, 1]
    })
  )
}

/** P(T > t) for t ≥ 0, Student's t with `freedom` degrees. */
export function studentTail(t: number, freedom: number): number {
  const [a, b, x] = [freedom / 2, 0.5, freedom / (freedom + t * t)]
  return 0.5 * (x < (a + 1) / (a + b + 2) ? betaPart(x, a, b) : 1 - betaPart(1 - x, b, a))
}
