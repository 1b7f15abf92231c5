/** Requests at a steady rate, each for an entity of its own and without an id, until `end` is called. */
import { setTimeout as pause } from 'node:timers/promises'

const AT_ONCE = 20
const PAUSE_MS = 80

export function load(url: string) {
  let [sent, answered, failed, slowestMs] = [0, 0, 0, 0]
  let firstFailure: string | undefined
  let over = false
  const one = async (number: number) => {
    const began = performance.now()
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ entityKey: `caller-${number}`, input: { x: number % 2, z: 1 } }),
      })
      const text = await answer.text()
      if (answer.status === 200) answered += 1
      else throw new Error(`${answer.status} ${text}`)
    } catch (error) {
      failed += 1
      firstFailure ??= String(error)
    }
    slowestMs = Math.max(slowestMs, performance.now() - began)
  }
  const callers = Array.from({ length: AT_ONCE }, async () => {
    while (!over) {
      sent += 1
      await one(sent)
      await pause(PAUSE_MS)
    }
  })
  return {
    counts: () => ({ answered, failed }),
    async end() {
      over = true
      await Promise.all(callers)
      return { answered, failed, firstFailure, slowestMs }
    },
  }
}
