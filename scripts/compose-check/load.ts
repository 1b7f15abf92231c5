/** Decisions at a steady rate through the proxy, until `end` is called. */
import { setTimeout as pause } from 'node:timers/promises'

const AT_ONCE = 5
const PAUSE_MS = 200
/** Longer than the proxy tries. */
const ANSWERED_WITHIN_MS = 60_000
const FLIGHT = { scheduled: 986_112_000_000, carrier: 'DL', origin: 'ATL', destination: 'MCO', distance: 403 }

export function load(url: string, token: string) {
  let [sent, failed, slowestMs, over] = [0, 0, 0, false]
  const failures = new Map<string, number>()
  const one = async (number: number) => {
    const began = performance.now()
    try {
      const answer = await fetch(`${url}/v1/projects/eta/decisions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ entityKey: `caller-${number}`, input: FLIGHT }),
        signal: AbortSignal.timeout(ANSWERED_WITHIN_MS),
      })
      const text = await answer.text()
      if (answer.status !== 200) throw new Error(`${answer.status} ${text.slice(0, 200)}`)
    } catch (error) {
      failed += 1
      const what = String(error)
      failures.set(what, (failures.get(what) ?? 0) + 1)
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
    async end() {
      over = true
      await Promise.all(callers)
      return { sent, failed, slowestMs: Math.round(slowestMs), failures: [...failures] }
    },
  }
}
