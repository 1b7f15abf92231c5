/** The newest items of each arm, in memory and bounded, for the fast guardrails. */
import type { Arm } from '../../contracts/names.js'

/** A ring buffer of the newest items. */
export interface Recent<Item> {
  add(arm: Arm, item: Item): void
  since(arm: Arm, instant: number): Item[]
  clear(): void
}

export function createRecent<Item extends { readonly at: number }>(kept: number): Recent<Item> {
  const rings = new Map<Arm, { items: Item[]; next: number }>()
  return {
    add(arm, item) {
      const ring = rings.get(arm) ?? { items: [], next: 0 }
      rings.set(arm, ring)
      ring.items[ring.next] = item
      ring.next = (ring.next + 1) % kept
    },
    since(arm, instant) {
      const ring = rings.get(arm)
      if (!ring) return []
      const inOrder = [...ring.items.slice(ring.next), ...ring.items.slice(0, ring.next)]
      return inOrder.filter((item) => item.at >= instant)
    },
    clear: () => rings.clear(),
  }
}
