/**
 * Histograms of gradients (Dalal and Triggs 2005): the inputs of the classical method, which needs seconds and few
 * photos.
 */
import { HALF, halvedGrey } from '../photos/halved-grey.js'

/** In pixels of half the edge: eight cells in each direction. */
const CELL = 14
const CELLS = HALF / CELL
const DIRECTIONS = 9
export const NUMBERS = CELLS * CELLS * (DIRECTIONS + 1)

/**
 * Of each cell: the gradient by direction as shares of the photo's mean, and the strongest gradient. Logarithms, since
 * few cells hold most of the edges.
 */
export function histogramsOf(pixels: Uint8Array): Float32Array {
  const grey = halvedGrey(pixels)
  const sums = new Float64Array(CELLS * CELLS * DIRECTIONS)
  const strongest = new Float64Array(CELLS * CELLS)
  let total = 0
  for (let row = 1; row < HALF - 1; row += 1) {
    for (let column = 1; column < HALF - 1; column += 1) {
      const at = row * HALF + column
      const across = (grey[at + 1] as number) - (grey[at - 1] as number)
      const down = (grey[at + HALF] as number) - (grey[at - HALF] as number)
      // Several times as fast as Math.hypot, which guards against values that no pixel has.
      const size = Math.sqrt(across * across + down * down)
      // Light and dark side do not matter: half a turn is the same direction.
      const angle = (Math.atan2(down, across) + Math.PI) % Math.PI
      const direction = Math.min(DIRECTIONS - 1, Math.floor((angle / Math.PI) * DIRECTIONS))
      const cell = Math.floor(row / CELL) * CELLS + Math.floor(column / CELL)
      const to = cell * DIRECTIONS + direction
      sums[to] = (sums[to] as number) + size
      strongest[cell] = Math.max(strongest[cell] as number, size)
      total += size
    }
  }
  const usual = total / (HALF - 2) ** 2 || 1
  const area = (CELL * CELL) / DIRECTIONS
  const found = new Float32Array(NUMBERS)
  sums.forEach((sum, index) => {
    found[index] = Math.log1p(sum / area / usual)
  })
  strongest.forEach((size, cell) => {
    found[sums.length + cell] = Math.log1p(size / usual)
  })
  return found
}
