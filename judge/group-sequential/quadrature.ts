/** Gauss–Legendre nodes and weights on (0, 1). */
export interface Quadrature {
  readonly nodes: Float64Array
  readonly weights: Float64Array
}

const known = new Map<number, Quadrature>()

/** By Newton's method on the Legendre polynomial of degree `size`; computed once for each size. */
export function quadrature(size: number): Quadrature {
  const before = known.get(size)
  if (before) return before
  const nodes = new Float64Array(size)
  const weights = new Float64Array(size)
  for (let index = 0; index < size; index += 1) {
    let x = Math.cos((Math.PI * (index + 0.75)) / (size + 0.5))
    let slope = 0
    for (let round = 0; round < 50; round += 1) {
      let [previous, current] = [1, x]
      for (let n = 2; n <= size; n += 1) {
        const next = ((2 * n - 1) * x * current - (n - 1) * previous) / n
        previous = current
        current = next
      }
      slope = (size * (x * current - previous)) / (x * x - 1)
      const step = current / slope
      x -= step
      if (Math.abs(step) < 1e-15) break
    }
    nodes[index] = (1 - x) / 2
    weights[index] = 1 / ((1 - x * x) * slope * slope)
  }
  const made = { nodes, weights }
  known.set(size, made)
  return made
}
