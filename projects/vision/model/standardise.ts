import { EDGE } from '../photos/photo.js'

/**
 * The network's input: 224 × 224 pixels averaged down to `edge`, less the photo's mean and divided by its deviation,
 * over all three colours together. The brightness of the lamps then has no effect, but their colour has.
 * @returns edge × edge × red, green, blue
 */
export function standardised(pixels: Uint8Array, edge: number): Float32Array {
  const factor = EDGE / edge
  const seen = new Float32Array(edge * edge * 3)
  for (let row = 0; row < EDGE; row += 1) {
    const line = Math.floor(row / factor) * edge
    for (let column = 0; column < EDGE; column += 1) {
      const to = (line + Math.floor(column / factor)) * 3
      const from = (row * EDGE + column) * 3
      seen[to] = (seen[to] as number) + (pixels[from] as number)
      seen[to + 1] = (seen[to + 1] as number) + (pixels[from + 1] as number)
      seen[to + 2] = (seen[to + 2] as number) + (pixels[from + 2] as number)
    }
  }
  const mean = seen.reduce((sum, value) => sum + value, 0) / seen.length
  const variance = seen.reduce((sum, value) => sum + (value - mean) ** 2, 0) / seen.length
  // At least one grey level is added: a black photo has no contrast to scale.
  const scale = 1 / (Math.sqrt(variance) + factor ** 2)
  for (let at = 0; at < seen.length; at += 1) seen[at] = ((seen[at] as number) - mean) * scale
  return seen
}

/** Writes a turned or mirrored photo into `to`: bit 1 swaps the axes, bits 2 and 3 mirror. The label stays the same. */
export function turnedInto(to: Float32Array, from: Float32Array, edge: number, symmetry: number): void {
  const last = edge - 1
  for (let row = 0; row < edge; row += 1) {
    for (let column = 0; column < edge; column += 1) {
      const [y, x] = symmetry & 1 ? [column, row] : [row, column]
      const at = ((symmetry & 2 ? last - y : y) * edge + (symmetry & 4 ? last - x : x)) * 3
      const target = (row * edge + column) * 3
      to[target] = from[at] as number
      to[target + 1] = from[at + 1] as number
      to[target + 2] = from[at + 2] as number
    }
  }
}
