import { EDGE } from './photo.js'

/** Pixels of an edge. */
export const HALF = EDGE / 2

/** Rec. 601 luma of each square of four pixels. */
export function halvedGrey(pixels: Uint8Array): Float32Array {
  const grey = new Float32Array(HALF * HALF)
  for (let row = 0; row < EDGE; row += 1) {
    for (let column = 0; column < EDGE; column += 1) {
      const from = (row * EDGE + column) * 3
      const luma = 0.299 * (pixels[from] as number) + 0.587 * (pixels[from + 1] as number)
      const to = (row >> 1) * HALF + (column >> 1)
      grey[to] = (grey[to] as number) + (luma + 0.114 * (pixels[from + 2] as number)) / 4
    }
  }
  return grey
}
