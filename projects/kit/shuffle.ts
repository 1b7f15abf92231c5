import { seededRandom } from './random.js'

/** 0 to length − 1 in an order that depends only on seed and epoch: Fisher–Yates over mulberry32. */
export function shuffled(length: number, seed: number, epoch: number): Uint32Array {
  const order = Uint32Array.from({ length }, (_, index) => index)
  const random = seededRandom(seed * 1_000 + epoch)
  for (let last = length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1))
    const held = order[last] as number
    order[last] = order[other] as number
    order[other] = held
  }
  return order
}
