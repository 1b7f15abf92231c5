import type { Decoded } from './decode-photo.js'
import { EDGE, type Quality } from './photo.js'

const HALF = EDGE / 2

/**
 * Sharpness is the root mean square of the four-neighbour Laplacian of the grey picture (Pech-Pacheco et al. 2000 use
 * its variance). It is measured at half the edge: averaging four pixels prevents noise of a dark camera from counting
 * as detail.
 */
export function qualityOf({ pixels, width, height }: Pick<Decoded, 'pixels' | 'width' | 'height'>): Quality {
  const grey = halvedGrey(pixels)
  let squares = 0
  for (let row = 1; row < HALF - 1; row += 1) {
    for (let at = row * HALF + 1; at < (row + 1) * HALF - 1; at += 1) {
      const around = (grey[at - 1] as number) + (grey[at + 1] as number) + (grey[at - HALF] as number)
      squares += (around + (grey[at + HALF] as number) - 4 * (grey[at] as number)) ** 2
    }
  }
  return {
    brightness: rounded(grey.reduce((sum, value) => sum + value, 0) / grey.length),
    sharpness: rounded(Math.sqrt(squares / (HALF - 2) ** 2)),
    size: Math.min(width, height),
  }
}

/** Rec. 601 luma of each square of four pixels. */
function halvedGrey(pixels: Uint8Array): Float32Array {
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

const rounded = (value: number): number => Math.round(value * 1_000) / 1_000
