/** Draws the three kinds of damage on a parcel. The labels refer to them. */
import { type Brush, blend, type Canvas, darken, type Placement, paint, smoothStep } from './canvas.js'

export interface Damage {
  readonly kind: 'dent' | 'tear' | 'wet'
  /** Centre in the parcel's own coordinates. */
  readonly u: number
  readonly v: number
  /** Pixels. */
  readonly size: number
  readonly angle: number
  /** 0 is invisible, 1 is obvious. */
  readonly strength: number
  /** Varies the outline. */
  readonly phase: number
}

/** @param light direction of the light in radians; a dent is bright on the side that faces it */
export function drawDamage(canvas: Canvas, place: Placement, damage: Damage, light: number): void {
  const reach = damage.size * 1.6
  const area = { u: damage.u, v: damage.v, radiusU: reach / place.halfWidth, radiusV: reach / place.halfHeight }
  const brushes = { dent: dent(damage, light - place.angle), tear: tear(damage), wet: wet(damage) }
  const [cos, sin] = [Math.cos(damage.angle), Math.sin(damage.angle)]
  const local: Brush = (target, at, u, v) => {
    const [x, y] = [(u - damage.u) * place.halfWidth, (v - damage.v) * place.halfHeight]
    brushes[damage.kind](target, at, (x * cos + y * sin) / damage.size, (y * cos - x * sin) / damage.size)
  }
  paint(canvas, place, area, local)
}

/** A dent: shaded by its slope towards the light, with a crease across. */
function dent({ angle, strength, phase }: Damage, light: number): Brush {
  const [lx, ly] = [Math.cos(light - angle), Math.sin(light - angle)]
  return (canvas, at, x, y) => {
    const squared = x * x + y * y * 1.7
    if (squared >= 1) return
    const slope = 2.6 * (1 - squared) * (x * lx + y * ly)
    const crease = Math.abs(y - 0.25 * Math.sin(3 * x + phase)) < 0.07 && Math.abs(x) < 0.75 ? 0.35 : 0
    darken(canvas, at, Math.max(0.15, 1 - strength * (slope + crease)))
  }
}

const TORN_EDGE = [0.86, 0.8, 0.7] as const

/** A tear along x: dark inside, with the pale core of the paper at its ragged edge. */
function tear({ strength, phase }: Damage): Brush {
  return (canvas, at, x, y) => {
    if (Math.abs(x) >= 1) return
    const ragged = 1 + 0.45 * Math.sin(9 * x + phase) + 0.3 * Math.sin(23 * x + 2 * phase)
    const half = 0.24 * (1 - x * x) * ragged
    const distance = Math.abs(y + 0.12 * Math.sin(4 * x + phase))
    if (distance < half) darken(canvas, at, 1 - 0.85 * strength)
    else if (distance < half + 0.12) blend(canvas, at, TORN_EDGE, 0.8 * strength)
  }
}

/** Wet cardboard: darker, with a soft, darker edge. */
function wet({ strength, phase }: Damage): Brush {
  return (canvas, at, x, y) => {
    const turn = Math.atan2(y, x)
    const outline = 0.85 * (1 + 0.2 * Math.sin(3 * turn + phase) + 0.12 * Math.sin(5 * turn - phase))
    const distance = Math.sqrt(x * x + y * y) / outline
    if (distance >= 1.1) return
    const soaked = 1 - smoothStep(0.85, 1.1, distance)
    const rim = smoothStep(0.7, 0.92, distance) * soaked
    darken(canvas, at, 1 - strength * (0.42 * soaked + 0.2 * rim))
  }
}
