/** Shows pages of the console in their frame, to the person who asked. */
import type { Context } from 'hono'
import { type PageParts, page, type Visitor } from '../../console/page.js'
import { problemPage } from '../../console/problem-page.js'
import { errorText } from '../../contracts/error-text.js'
import type { Caller } from '../access/tokens.js'
import { pageHeaders } from '../page.js'
import { statusOf } from '../problems.js'
import type { Sessions } from '../session/sessions.js'

/** Identified by the guard, which answers with pages too. */
type C = Context

export interface Pages {
  show(c: C, parts: Omit<PageParts, 'visitor'>, status?: number): Response
  problem(c: C, status: number, detail: string): Response
  /** Runs the work; what it throws is a page. */
  orProblem(c: C, work: () => Promise<Response>): Promise<Response>
}

export function createPages({ sessions }: { readonly sessions?: Pick<Sessions, 'issuer'> | undefined }): Pages {
  // Logging out leads to the issuer.
  const headers = pageHeaders(sessions ? [sessions.issuer] : [])
  const visitorOf = (c: C): Visitor | null => {
    const caller: Caller | null | undefined = c.get('caller')
    const csrf: string | null = c.get('csrf')
    return caller && csrf !== null ? { name: caller.name, csrf } : null
  }
  const problem: Pages['problem'] = (c, status, detail) =>
    c.html(problemPage(status, detail, visitorOf(c)), status as 500, headers)
  return {
    show: (c, parts, status = 200) => c.html(page({ ...parts, visitor: visitorOf(c) }), status as 200, headers),
    problem,
    async orProblem(c, work) {
      try {
        return await work()
      } catch (error) {
        return problem(c, statusOf(error), errorText(error))
      }
    },
  }
}
