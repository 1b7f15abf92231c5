/** Applies a dock's lamps and camera to a drawn scene: light, shade, focus and noise. */
import { EDGE } from '../photos/photo.js'
import type { Canvas, Colour } from './canvas.js'
import type { Chance } from './named-random.js'

export interface Shot {
  /** Gain of red, green, blue: the lamps' colour times the exposure. */
  readonly gain: Colour
  /** Share of light lost in the corners. */
  readonly vignette: number
  /** Direction of the light in radians, and how much brighter that side is. */
  readonly light: number
  readonly slant: number
  /** Radius of the blur in pixels; 0 is in focus. */
  readonly blur: number
  /** Peak noise in grey levels of 255. */
  readonly noise: number
}

/** Red, green and blue bytes, row by row. The canvas is overwritten. */
export function expose(canvas: Canvas, shot: Shot, chance: Chance): Uint8Array {
  const sharp = shot.blur > 0 ? blurred(blurred(canvas, shot.blur), shot.blur) : canvas
  const pixels = new Uint8Array(EDGE * EDGE * 3)
  const half = EDGE / 2
  const [lx, ly] = [(Math.cos(shot.light) * shot.slant) / half, (Math.sin(shot.light) * shot.slant) / half]
  const [red, green, blue] = shot.gain
  let state = Math.floor(chance.between(1, 2 ** 31)) | 0
  for (let row = 0; row < EDGE; row += 1) {
    const y = row - half
    for (let column = 0; column < EDGE; column += 1) {
      const x = column - half
      const corner = (x * x + y * y) / (2 * half * half)
      const lit = 255 * (1 + x * lx + y * ly) * (1 - shot.vignette * corner)
      // Marsaglia's xorshift: fast, and the same on every machine.
      state ^= state << 13
      state ^= state >>> 17
      state ^= state << 5
      const noise = (state / 2 ** 31) * shot.noise
      const at = (row * EDGE + column) * 3
      pixels[at] = byte((sharp[at] as number) * red * lit + noise)
      pixels[at + 1] = byte((sharp[at + 1] as number) * green * lit + noise)
      pixels[at + 2] = byte((sharp[at + 2] as number) * blue * lit + noise)
    }
  }
  return pixels
}

const byte = (value: number): number => (value <= 0 ? 0 : value >= 255 ? 255 : value)

/** A box blur across rows, then down columns, by running sums: its cost does not depend on the radius. */
function blurred(canvas: Canvas, radius: number): Canvas {
  const across = new Float32Array(canvas.length)
  const both = new Float32Array(canvas.length)
  for (let line = 0; line < EDGE; line += 1) {
    for (let channel = 0; channel < 3; channel += 1) slide(canvas, across, line * EDGE * 3 + channel, 3, radius)
  }
  for (let line = 0; line < EDGE; line += 1) {
    for (let channel = 0; channel < 3; channel += 1) slide(across, both, line * 3 + channel, EDGE * 3, radius)
  }
  return both
}

function slide(from: Float32Array, to: Float32Array, start: number, step: number, radius: number): void {
  const width = 2 * radius + 1
  const value = (index: number) => from[start + Math.min(EDGE - 1, Math.max(0, index)) * step] as number
  let sum = 0
  for (let index = -radius; index <= radius; index += 1) sum += value(index)
  for (let index = 0; index < EDGE; index += 1) {
    to[start + index * step] = sum / width
    sum += value(index + radius + 1) - value(index - radius)
  }
}
