/**
 * Simple numbers of a photo that should be independent of damage. If one of them alone separates damaged from undamaged
 * photos, it is a shortcut: a sticker on damaged parcels only, a camera used for them only, or a date printed in a
 * corner.
 */
import { EDGE, type PhotoRow } from '../photos/photo.js'

const CELLS = 7
const CELL = EDGE / CELLS
const STEPS = Array.from({ length: 9 }, (_, index) => (index + 1) / 10)
/** Sum of the three channels. Darker pixels have no usable colour. */
const COLOURLESS = 60
const SAMPLED_EVERY = 2

/** @param pixels null if the photo is unreadable */
export function shortcutsOf(row: PhotoRow, pixels: Uint8Array | null): Map<string, number> {
  const numbers = new Map<string, number>([
    ['brightness', row.brightness],
    ['sharpness', row.sharpness],
    ['size in pixels', row.size],
    [`taken at ${row.source}`, 1],
  ])
  if (pixels) for (const [name, value] of picture(pixels)) numbers.set(name, value)
  return numbers
}

/** Light of each part of the picture, and the share of pixels above each level of red, green, blue and light. */
function* picture(pixels: Uint8Array): Generator<[string, number]> {
  const cells = new Float64Array(CELLS * CELLS)
  const beyond = [0, 1, 2, 3].map(() => new Float64Array(STEPS.length))
  let sampled = 0
  for (let row = 0; row < EDGE; row += SAMPLED_EVERY) {
    for (let column = 0; column < EDGE; column += SAMPLED_EVERY) {
      const at = (row * EDGE + column) * 3
      const colour = [pixels[at] as number, pixels[at + 1] as number, pixels[at + 2] as number]
      const sum = (colour[0] as number) + (colour[1] as number) + (colour[2] as number)
      const cell = Math.floor(row / CELL) * CELLS + Math.floor(column / CELL)
      cells[cell] = (cells[cell] as number) + sum
      sampled += 1
      for (let channel = 0; channel < 4; channel += 1) {
        if (channel < 3 && sum < COLOURLESS) continue
        const share = channel === 3 ? sum / 765 : (colour[channel] as number) / sum
        const counts = beyond[channel] as Float64Array
        const steps = Math.min(STEPS.length, Math.floor(share * 10))
        for (let step = 0; step < steps; step += 1) counts[step] = (counts[step] as number) + 1
      }
    }
  }
  for (const [cell, sum] of cells.entries())
    yield [`light in part ${Math.floor(cell / CELLS) + 1}/${(cell % CELLS) + 1} of the picture`, sum]
  for (const [channel, counts] of beyond.entries()) {
    const name = ['red', 'green', 'blue', 'light'][channel]
    for (const [step, count] of counts.entries())
      yield [`share of the picture more than ${STEPS[step]} ${name}`, count / sampled]
  }
}
