import type { Decoded } from './decode-photo.js'
import { HALF, halvedGrey } from './halved-grey.js'
import type { Quality } from './photo.js'

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

const rounded = (value: number): number => Math.round(value * 1_000) / 1_000
