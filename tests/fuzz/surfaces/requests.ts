/** Bodies, paths and queries of requests to a decision service that runs. */
import fc from 'fast-check'
import type { Gateway } from '../../serving/support.js'
import { changedBytes, changedJson, oddText } from '../mutate.js'
import { type Surface, surface } from '../surface.js'

const BODIES = {
  decisions: { entityKey: 'a', input: { x: 1, z: 0 }, decisionId: 'd' },
  outcomes: [{ decisionId: 'd', label: 1, observedAt: '2026-01-01T00:00:00Z' }],
  releases: {
    id: 'r1',
    by: 'ana',
    reason: 'drift',
    cutoff: '2001-03-01T00:00:00Z',
    evidence: 'live',
    parameters: { a: 1 },
  },
  'releases/r1/actions': { action: 'pause', by: 'ana', reason: 'storm', id: 'one' },
  rollback: { by: 'ana', reason: 'storm', to: 'toy_v1', id: 'two' },
  'schedule/actions': { action: 'pause', by: 'ana', reason: 'storm' },
} as const
const routes = Object.keys(BODIES) as (keyof typeof BODIES)[]
const READS = ['aliases', 'coverage', 'releases', 'decisions']

const posted = fc.constantFrom(...routes).chain((route) =>
  fc.record({
    path: fc.oneof(
      { weight: 8, arbitrary: fc.constant(`/v1/projects/toy/${route}`) },
      { weight: 1, arbitrary: oddText.map((name) => `/v1/projects/${encodeURIComponent(wellFormed(name))}/${route}`) },
    ),
    type: fc.oneof(
      { weight: 8, arbitrary: fc.constant('application/json') },
      {
        weight: 1,
        arbitrary: fc.constantFrom('application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data', 'x'),
      },
    ),
    body: fc.oneof(
      { weight: 3, arbitrary: changedJson([BODIES[route]]).map((value) => Buffer.from(String(JSON.stringify(value)))) },
      { weight: 1, arbitrary: changedBytes([Buffer.from(JSON.stringify(BODIES[route]))]) },
      { weight: 1, arbitrary: fc.dictionary(oddText, oddText, { maxKeys: 4 }).map(formOf) },
    ),
  }),
)
const read = fc
  .tuple(fc.constantFrom(...READS, '', 'trace', '%00', '%ff'), oddText, oddText)
  .chain(([what, id, query]) =>
    fc.constantFrom(
      `/v1/projects/${encodeURIComponent(wellFormed(id))}/${what}`,
      `/v1/decisions/${encodeURIComponent(wellFormed(id))}/trace`,
      `/v1/decisions/trace?id=${encodeURIComponent(wellFormed(id))}`,
      `/v1/releases/${encodeURIComponent(wellFormed(id))}`,
      `/projects/${encodeURIComponent(wellFormed(id))}?${encodeURIComponent(wellFormed(query))}`,
      `/${what}/${encodeURIComponent(wellFormed(id))}`,
    ),
  )
  .map((path) => ({ path, type: '', body: null }))

const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '?')
const formOf = (fields: Record<string, string>): Buffer =>
  Buffer.from(new URLSearchParams(Object.entries(fields)).toString())

/** Unavailable is an answer: this service has no Temporal server. */
const ANSWERS = new Set([501, 503])

export const requests = (gateway: () => Pick<Gateway, 'url'>): Surface =>
  surface({
    name: 'requests',
    share: 4,
    cases: fc.oneof({ weight: 4, arbitrary: posted }, { weight: 1, arbitrary: read }),
    async run({ path, type, body }) {
      const init =
        body === null ? {} : { method: 'POST', headers: { 'content-type': type }, body: new Uint8Array(body) }
      const response = await fetch(`${gateway().url}${path}`, init)
      const text = await response.text()
      if (response.status >= 500 && !ANSWERS.has(response.status)) throw new Error(`${response.status}: ${text}`)
      if (/\n\s+at .+:\d+/.test(text)) throw new Error(`the answer has a stack: ${text}`)
      return response.status < 400 ? 'taken' : 'refused'
    },
  })
