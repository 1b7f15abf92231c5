import type { Random } from '../random.js'
import type { LossShape } from './world.js'

/** A standard normal number (Box–Muller; 1 − u keeps the logarithm finite). */
export const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

/** Draws losses with a given mean, in units of the cost of a wrong decision. */
export function lossDrawer(shape: LossShape, random: Random): (mean: number) => number {
  switch (shape.kind) {
    case 'binary':
      return (mean) => (random() < mean ? 1 : 0)
    case 'lognormal': {
      const { sigma } = shape
      return (mean) => mean * Math.exp(sigma * normal(random) - (sigma * sigma) / 2)
    }
    case 'pareto': {
      const { index } = shape
      return (mean) => (mean * (index - 1) * (1 - random()) ** (-1 / index)) / index
    }
    case 'disasters': {
      const { share, times } = shape
      return (mean) => (random() < share ? times : random() < mean ? 1 : 0)
    }
  }
}
