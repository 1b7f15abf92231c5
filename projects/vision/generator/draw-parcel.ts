/** Draws a parcel on a conveyor: cardboard, tape, label, print, and harmless marks that look similar to damage. */
import { EDGE } from '../photos/photo.js'
import { blend, type Canvas, type Colour, darken, type Placement, paint, smoothStep } from './canvas.js'
import type { Chance } from './named-random.js'

/** The look of one shipment's parcel, the same on each of its photos. */
export interface ParcelLook {
  readonly cardboard: Colour
  /** Half width over half height. */
  readonly aspect: number
  readonly tape: { readonly colour: Colour; readonly along: 'u' | 'v'; readonly at: number; readonly half: number }
  readonly label: { readonly u: number; readonly v: number; readonly halfU: number; readonly halfV: number }
  readonly print: { readonly u: number; readonly v: number; readonly size: number } | null
  /** Seeds the label's text. */
  readonly text: number
}

export function lookOf(chance: Chance): ParcelLook {
  const tone = chance.between(0.75, 1.12)
  const along = chance.hits(0.6) ? 'u' : 'v'
  return {
    cardboard: [0.62 * tone, 0.47 * tone * chance.between(0.95, 1.05), 0.31 * tone * chance.between(0.88, 1.12)],
    aspect: chance.between(0.85, 1.6),
    tape: {
      colour: chance.pick<Colour>([
        [0.68, 0.55, 0.37],
        [0.8, 0.78, 0.72],
        [0.5, 0.34, 0.2],
      ]),
      along,
      at: chance.between(-0.2, 0.2),
      half: chance.between(0.08, 0.15),
    },
    label: {
      u: chance.between(-0.45, 0.45),
      v: chance.between(-0.45, 0.45),
      halfU: chance.between(0.22, 0.4),
      halfV: chance.between(0.2, 0.38),
    },
    print: chance.hits(0.5)
      ? { u: chance.between(-0.7, 0.7), v: chance.between(-0.7, 0.7), size: chance.between(0.14, 0.26) }
      : null,
    text: Math.floor(chance.between(0, 1e9)),
  }
}

export function placeOf({ aspect }: ParcelLook, chance: Chance, zoom: number): Placement {
  const half = chance.between(62, 82) * zoom
  return {
    x: EDGE / 2 + chance.between(-14, 14),
    y: EDGE / 2 + chance.between(-14, 14),
    halfWidth: Math.min(100 * zoom, half * Math.sqrt(aspect)),
    halfHeight: Math.min(100 * zoom, half / Math.sqrt(aspect)),
    angle: chance.between(-0.5, 0.5),
  }
}

/** The belt: dark rubber with rollers across. */
export function drawBelt(canvas: Canvas, belt: Colour, period: number): void {
  for (let row = 0; row < EDGE; row += 1) {
    const shade = 0.82 + 0.18 * Math.cos((row / period) * 2 * Math.PI)
    for (let at = row * EDGE * 3; at < (row + 1) * EDGE * 3; at += 3) {
      canvas[at] = belt[0] * shade
      canvas[at + 1] = belt[1] * shade
      canvas[at + 2] = belt[2] * shade
    }
  }
}

export function drawParcel(canvas: Canvas, place: Placement, look: ParcelLook): void {
  const whole = { u: 0, v: 0, radiusU: 1, radiusV: 1 }
  const { tape, cardboard } = look
  paint(canvas, place, whole, (target, at, u, v) => {
    const fluting = 0.03 * Math.sin(v * place.halfHeight * 1.1)
    const edge = 1 - 0.22 * smoothStep(0.93, 1, Math.max(Math.abs(u), Math.abs(v)))
    blend(target, at, cardboard, 1)
    darken(target, at, edge + fluting)
    const across = (tape.along === 'u' ? v : u) - tape.at
    if (Math.abs(across) < tape.half) blend(target, at, tape.colour, 0.72)
  })
  drawLabel(canvas, place, look)
  drawPrint(canvas, place, look)
}

function drawLabel(canvas: Canvas, place: Placement, { label, text }: ParcelLook): void {
  const area = { u: label.u, v: label.v, radiusU: label.halfU, radiusV: label.halfV }
  paint(canvas, place, area, (target, at, u, v) => {
    const [x, y] = [(u - label.u) / label.halfU, (v - label.v) / label.halfV]
    blend(target, at, [0.93, 0.93, 0.91], 1)
    if (Math.abs(x) > 0.88 || Math.abs(y) > 0.88) return
    const bar = y > 0.1
    const cell = Math.floor((x + 1) * (bar ? 22 : 9)) + (bar ? 0 : Math.floor((y + 1) * 6) * 31)
    const inked = ((Math.imul(cell + 1, 0x9e3779b1) ^ text) >>> 7) % 100 < (bar ? 48 : 60)
    if (inked && (bar || ((y + 1) * 6) % 1 < 0.55)) blend(target, at, [0.13, 0.13, 0.15], 0.9)
  })
}

/** A handling mark: dark ring and bar, as "this side up" or "fragile". */
function drawPrint(canvas: Canvas, place: Placement, { print }: ParcelLook): void {
  if (!print) return
  const area = { u: print.u, v: print.v, radiusU: print.size, radiusV: print.size }
  paint(canvas, place, area, (target, at, u, v) => {
    const [x, y] = [(u - print.u) / print.size, (v - print.v) / print.size]
    const ring = Math.abs(Math.sqrt(x * x + y * y) - 0.8) < 0.14
    if (ring || (Math.abs(x) < 0.12 && Math.abs(y) < 0.55)) blend(target, at, [0.24, 0.14, 0.12], 0.75)
  })
}

/** Scuffs, dust and smudges: wear that is not damage. */
export function drawWear(canvas: Canvas, place: Placement, chance: Chance): void {
  const marks = Math.floor(chance.between(0, 4))
  for (let mark = 0; mark < marks; mark += 1) {
    const [u, v] = [chance.between(-0.85, 0.85), chance.between(-0.85, 0.85)]
    const kind = chance.pick(['scuff', 'dust', 'smudge'] as const)
    const size = chance.between(8, 20)
    const turn = chance.between(0, Math.PI)
    const [cos, sin] = [Math.cos(turn), Math.sin(turn)]
    const area = { u, v, radiusU: size / place.halfWidth, radiusV: size / place.halfHeight }
    paint(canvas, place, area, (target, at, pu, pv) => {
      const [dx, dy] = [(pu - u) * place.halfWidth, (pv - v) * place.halfHeight]
      const [x, y] = [(dx * cos + dy * sin) / size, (dy * cos - dx * sin) / size]
      const fade = 1 - Math.min(1, x * x + y * y)
      if (kind === 'dust') blend(target, at, [0.8, 0.74, 0.64], 0.3 * fade)
      else if (kind === 'smudge') darken(target, at, 1 - 0.16 * fade)
      else if (Math.abs(y) < 0.07 && Math.abs(x) < 0.9) blend(target, at, [0.8, 0.7, 0.55], 0.5)
    })
  }
}

/** The orange sticker that a claims desk puts on a free place of a damaged parcel. */
export function drawClaimSticker(canvas: Canvas, place: Placement, chance: Chance): void {
  const area = { u: chance.between(-0.6, 0.6), v: chance.between(-0.6, 0.6), radiusU: 0.2, radiusV: 0.2 }
  paint(canvas, place, area, (target, at, u, v) => {
    const [x, y] = [(u - area.u) / 0.2, (v - area.v) / 0.2]
    if (x * x + y * y < 1) blend(target, at, Math.abs(y) < 0.2 ? [0.1, 0.1, 0.1] : [1, 0.42, 0.02], 1)
  })
}
