/** The photo being drawn: 224 × 224 pixels of red, green, blue reflectance, 0 black to 1 white. */
import { EDGE } from '../photos/photo.js'

export type Colour = readonly [number, number, number]
export type Canvas = Float32Array

/** A parcel's place: centre and half sides in pixels, turned by `angle` radians. Its own coordinates are −1 to 1. */
export interface Placement {
  readonly x: number
  readonly y: number
  readonly halfWidth: number
  readonly halfHeight: number
  readonly angle: number
}

/** Changes the pixel at `at` (three numbers of the canvas) that lies at (u, v). */
export type Brush = (canvas: Canvas, at: number, u: number, v: number) => void

export const newCanvas = (): Canvas => new Float32Array(EDGE * EDGE * 3)

/** Applies a brush to the part of a parcel within `radius` (own coordinates) of (u0, v0), never outside the parcel. */
export function paint(
  canvas: Canvas,
  place: Placement,
  area: { u: number; v: number; radiusU: number; radiusV: number },
  brush: Brush,
): void {
  const { x, y, halfWidth, halfHeight, angle } = place
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  const [du, dv] = [area.u * halfWidth, area.v * halfHeight]
  const [centreX, centreY] = [x + du * cos - dv * sin, y + du * sin + dv * cos]
  const [spanU, spanV] = [area.radiusU * halfWidth, area.radiusV * halfHeight]
  const spanX = Math.abs(spanU * cos) + Math.abs(spanV * sin)
  const spanY = Math.abs(spanU * sin) + Math.abs(spanV * cos)
  const lastX = Math.min(EDGE - 1, Math.ceil(centreX + spanX))
  const lastY = Math.min(EDGE - 1, Math.ceil(centreY + spanY))
  for (let row = Math.max(0, Math.floor(centreY - spanY)); row <= lastY; row += 1) {
    for (let column = Math.max(0, Math.floor(centreX - spanX)); column <= lastX; column += 1) {
      const u = ((column - x) * cos + (row - y) * sin) / halfWidth
      const v = ((row - y) * cos - (column - x) * sin) / halfHeight
      if (u < -1 || u > 1 || v < -1 || v > 1) continue
      if (Math.abs(u - area.u) > area.radiusU || Math.abs(v - area.v) > area.radiusV) continue
      brush(canvas, (row * EDGE + column) * 3, u, v)
    }
  }
}

/** Moves a pixel towards a colour by `share`. */
export function blend(canvas: Canvas, at: number, [red, green, blue]: Colour, share: number): void {
  canvas[at] = (canvas[at] as number) * (1 - share) + red * share
  canvas[at + 1] = (canvas[at + 1] as number) * (1 - share) + green * share
  canvas[at + 2] = (canvas[at + 2] as number) * (1 - share) + blue * share
}

export function darken(canvas: Canvas, at: number, factor: number): void {
  canvas[at] = (canvas[at] as number) * factor
  canvas[at + 1] = (canvas[at + 1] as number) * factor
  canvas[at + 2] = (canvas[at + 2] as number) * factor
}

/** 0 below `low`, 1 above `high`, smooth between. */
export function smoothStep(low: number, high: number, value: number): number {
  const t = Math.min(1, Math.max(0, (value - low) / (high - low)))
  return t * t * (3 - 2 * t)
}
