/** A client of the decision service that remembers what was answered: none of it may be lost. */
import { setTimeout as pause } from 'node:timers/promises'

export interface Answered {
  readonly decisionId: string
  readonly releaseId: string
  readonly arm: string
}

export interface ChaosClient {
  readonly decisions: readonly Answered[]
  /** Decisions whose label was accepted. */
  readonly labels: readonly string[]
  failures(): number
  stop(): Promise<void>
}

const EVERY_MS = 40
const PATIENCE_MS = 3_000

/** @param urlOf the address at present: a service that starts again has another port */
export function startClient(urlOf: () => string, token: string, name: string): ChaosClient {
  const decisions: Answered[] = []
  const labels: string[] = []
  let failures = 0
  let over = false
  const post = async <T>(path: string, body: unknown): Promise<T | undefined> => {
    try {
      const answer = await fetch(`${urlOf()}/v1/projects/toy/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(PATIENCE_MS),
      })
      if (answer.ok) return (await answer.json()) as T
      await answer.body?.cancel()
    } catch {
      // Counted below: a service that is away answers nothing.
    }
    failures += 1
    return undefined
  }
  const asking = (async () => {
    for (let index = 0; !over; index += 1) {
      const decisionId = `${name}-${index}`
      const input = { x: index % 2, z: 0 }
      const decided = await post<Answered>('decisions', { entityKey: decisionId, input, decisionId })
      if (decided) {
        decisions.push(decided)
        const label = { decisionId, label: index % 3 === 0 ? 1 : 0, observedAt: new Date().toISOString() }
        const taken = await post<{ accepted: number; unknown: number }>('outcomes', [label])
        if (taken && taken.accepted + taken.unknown === 1) labels.push(decisionId)
      }
      await pause(EVERY_MS)
    }
  })()
  return {
    decisions,
    labels,
    failures: () => failures,
    async stop() {
      over = true
      await asking
    },
  }
}
