import { setTimeout as sleep } from 'node:timers/promises'
import { SlipwayError } from '../contracts/failure.js'

export interface Decided {
  readonly decisionId: string
  readonly releaseId: string
  readonly arm: string
  readonly action: string
}

export interface DeliveredLabels {
  readonly accepted: number
  readonly corrections: number
  readonly rejected: readonly { problem: string }[]
}

interface Target {
  readonly url: string
  readonly token?: string | undefined
  readonly signal: AbortSignal
}

/** The service refused one request for what it says; another may be answered. */
export class RequestRefused extends SlipwayError {}

/** Of a request that does not fit. A wrong token, project or route would refuse every other one too. */
const OF_THE_REQUEST = new Set([400, 409, 413, 422])

const TRIES = 100
const LONGEST_WAIT_MS = 2_000

/** Calls of the decision service, repeated while it is unavailable. Ids make them safe to repeat. */
export function createCalls(project: string, { url, token, signal }: Target, onRetry: () => void) {
  const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) }
  const post = async <Answer>(path: string, body: object): Promise<Answer> => {
    for (let attempt = 1; ; attempt += 1) {
      const request = { method: 'POST', headers, body: JSON.stringify(body) }
      // The signal is not passed to fetch: each request would leave a listener on it until garbage collection.
      const response = await fetch(`${url}${path}`, request).catch((error: unknown) => {
        if (signal.aborted || attempt >= TRIES) throw error
        return null
      })
      if (response?.ok) return (await response.json()) as Answer
      const again = response === null || response.status === 503 || response.status === 429
      if (!again || attempt >= TRIES || signal.aborted) {
        const said = response ? `${response.status} ${await response.text()}` : 'no answer'
        const Refusal = OF_THE_REQUEST.has(response?.status ?? 0) ? RequestRefused : SlipwayError
        throw new Refusal('BadRequest', `${url}${path} was refused: ${said}`)
      }
      await response?.body?.cancel()
      onRetry()
      const seconds = Number(response?.headers.get('retry-after') ?? 0.1)
      await sleep(Math.min(LONGEST_WAIT_MS, seconds * 1_000))
    }
  }
  return {
    decide: (body: { decisionId: string; entityKey: string; input: unknown }) =>
      post<Decided>(`/v1/projects/${project}/decisions`, body),
    deliver: (body: { decisionId: string; label: unknown; observedAt: string }[]) =>
      post<DeliveredLabels>(`/v1/projects/${project}/outcomes`, body),
  }
}
