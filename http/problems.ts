/** Problem details (RFC 9457) for every error, and the one table from error to HTTP status. */

import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { problemPage } from '../console/problem-page.js'
import { boundedText } from '../contracts/bounded-text.js'
import { errorText } from '../contracts/error-text.js'
import { SlipwayError } from '../contracts/failure.js'
import { UnknownRun } from '../registry/index.js'
import { Overloaded } from '../serving/log/decision-log.js'
import { Refused } from '../serving/refused.js'
import { NotReady } from '../serving/service.js'
import { PAGE_HEADERS } from './page.js'

const STATUS_OF_REFUSAL: Record<Refused['kind'], number> = {
  unknown_project: 404,
  not_found: 404,
  bad_input: 422,
  id_conflict: 409,
  no_such_arm: 409,
  ambiguous: 409,
}

const STATUS_OF_FAILURE: Readonly<Partial<Record<SlipwayError['type'], number>>> = {
  AliasMoved: 409,
  Breached: 409,
  ArtifactMismatch: 409,
  BadRequest: 400,
  Unavailable: 503,
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'The request is malformed',
  401: 'A token is required',
  403: 'The token does not allow this',
  404: 'Not found',
  408: 'The request took too long',
  409: 'The request conflicts with what is recorded',
  413: 'The request is too large',
  415: 'The body must be application/json',
  422: 'The input does not fit the project',
  429: 'Too many requests',
  500: 'The release could not answer',
  503: 'Temporarily unavailable',
}

export function problem(c: Context, status: number, detail: string, more: Record<string, unknown> = {}): Response {
  const title = TITLES[status] ?? 'The request failed'
  if (wantsPage(c)) return c.html(problemPage(status, detail), status as 400, PAGE_HEADERS)
  const headers: Record<string, string> = { 'content-type': 'application/problem+json' }
  if (status === 503 || status === 429) headers['retry-after'] = String(more.retryAfter ?? 1)
  if (status === 401) headers['www-authenticate'] = 'Bearer'
  return c.body(
    JSON.stringify({ type: 'about:blank', title, status, detail: boundedText(detail), ...more }),
    status as 400,
    headers,
  )
}

/** A browser that opens an address, not a program that asks. */
export const wantsPage = (c: Context): boolean => (c.req.header('accept') ?? '').includes('text/html')

/** @param more fields of the document */
export function problemOf(c: Context, error: unknown, more: Record<string, unknown> = {}): Response {
  const status = statusOf(error)
  if (error instanceof HTTPException) return problem(c, status, error.message)
  if (error instanceof Refused) return problem(c, status, error.message, { reason: error.kind, ...more })
  if (error instanceof NotReady)
    return problem(c, status, error.message, { reason: 'no_release', project: error.project, retryAfter: 5 })
  return problem(c, status, status === 500 ? errorText(error) : (error as Error).message, more)
}

/** The HTTP status of an error. */
export function statusOf(error: unknown): number {
  if (error instanceof Refused) return STATUS_OF_REFUSAL[error.kind]
  if (error instanceof Overloaded || error instanceof NotReady) return 503
  if (error instanceof HTTPException) return error.status
  if (error instanceof UnknownRun) return 404
  return (error instanceof SlipwayError && STATUS_OF_FAILURE[error.type]) || 500
}
