/** Requests to a running decision service, with the token of SLIPWAY_TOKEN. */

import { Readable } from 'node:stream'
import { errorText } from '../../contracts/error-text.js'
import { SlipwayError } from '../../contracts/failure.js'

/** Longer than the service waits for Temporal. */
const ANSWER_WITHIN_MS = 60_000

/** Longer than the check of the data, which the service does before it answers. */
const STORED_WITHIN_MS = 40 * 60_000

/** A body that is not JSON, sent as it is read. */
export interface Content {
  readonly type: string
  readonly length: number
  readonly body: Readable
}

interface Problem {
  readonly accepted?: boolean
  readonly detail?: string
}

/**
 * @param path of parts, which are encoded
 * @returns the answer, also that of an action which was refused: then `accepted` is false
 * @throws SlipwayError BadRequest for a request that is refused; Unavailable if no answer came, or the service could
 * not do it now
 */
export async function callServer<Answer extends object>(
  server: string,
  path: readonly string[],
  body: object | Content,
  query: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const url = addressOf(server, path)
  url.search = new URLSearchParams(query).toString()
  const token = process.env.SLIPWAY_TOKEN
  const { type, length, within, sent } = contentOf(body)
  const headers = { 'content-type': type, ...length, ...(token ? { authorization: `Bearer ${token}` } : {}) }
  const signal = AbortSignal.timeout(within)
  // Followed, a redirect would turn the request into a GET. `duplex`: without it a stream is refused.
  const request = { method: 'POST', headers, body: sent, redirect: 'error', duplex: 'half', signal } as RequestInit
  let response: Response
  let text: string
  try {
    response = await fetch(url, request)
    text = await response.text()
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    throw new SlipwayError(
      'Unavailable',
      `no decision service answers at ${server} (${errorText(cause)}); check --server or SLIPWAY_SERVER`,
    )
  }
  const answer = parsed<Answer & Problem>(text)
  if (response.ok && answer) return answer
  const { accepted, detail } = answer ?? {}
  if (response.status === 409 && answer && accepted === false) return { ...answer, message: detail }
  const why = typeof detail === 'string' ? detail : `${server} answered with status ${response.status}`
  throw new SlipwayError(isAway(response.status) ? 'Unavailable' : 'BadRequest', adviceFor(response.status, why))
}

function contentOf(body: object | Content) {
  if (!('body' in body) || !(body.body instanceof Readable))
    return { type: 'application/json', length: {}, within: ANSWER_WITHIN_MS, sent: JSON.stringify(body) }
  const { type, length, body: stream } = body as Content
  // An iterable is read as fast as it is sent.
  return {
    type,
    length: { 'content-length': String(length) },
    within: STORED_WITHIN_MS,
    sent: stream as object as NonNullable<RequestInit['body']>,
  }
}

const isAway = (status: number): boolean => status >= 500 || status === 429 || status === 408

const adviceFor = (status: number, why: string): string =>
  status === 401 ? `the decision service needs a token: set SLIPWAY_TOKEN (${why})` : why

function addressOf(server: string, path: readonly string[]): URL {
  try {
    const base = new URL(server.endsWith('/') ? server : `${server}/`)
    if (base.protocol === 'http:' || base.protocol === 'https:')
      return new URL(path.map(encodeURIComponent).join('/'), base)
  } catch {
    // Refused below.
  }
  throw new SlipwayError('BadRequest', `--server ${server} is not an address such as http://127.0.0.1:7070`)
}

function parsed<Answer>(text: string): Answer | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Answer) : null
  } catch {
    return null
  }
}
