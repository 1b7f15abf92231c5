/** The four docks, which are the sources of photos. Each has its own lamps, belt and camera. */
import type { Colour } from './canvas.js'

export interface Dock {
  readonly name: string
  /** Share of the shipments. */
  readonly share: number
  readonly lamps: Colour
  readonly belt: Colour
  readonly vignette: number
  readonly noise: number
  /** Size of the parcels in its pictures; 1 is usual. */
  readonly zoom: number
}

export const DOCKS: readonly Dock[] = [
  {
    name: 'dock-north',
    share: 0.33,
    lamps: [1.05, 1.05, 1.05],
    belt: [0.2, 0.21, 0.22],
    vignette: 0.1,
    noise: 6,
    zoom: 1,
  },
  {
    name: 'dock-east',
    share: 0.26,
    lamps: [1.15, 1.0, 0.8],
    belt: [0.28, 0.26, 0.24],
    vignette: 0.25,
    noise: 8,
    zoom: 1,
  },
  {
    name: 'dock-south',
    share: 0.22,
    lamps: [0.75, 0.8, 0.88],
    belt: [0.33, 0.36, 0.34],
    vignette: 0.3,
    noise: 10,
    zoom: 1,
  },
  {
    name: 'dock-yard',
    share: 0.19,
    lamps: [0.62, 0.58, 0.5],
    belt: [0.16, 0.15, 0.15],
    vignette: 0.4,
    noise: 13,
    zoom: 1,
  },
]
