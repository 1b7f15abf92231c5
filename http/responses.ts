/** Responses of routes as the OpenAPI document describes them. */
import type { z } from '@hono/zod-openapi'
import { problemDetails } from './schemas/shared-fields.js'

export const jsonResponse = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})

export const problemResponse = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problemDetails } },
})

/** Problems of the routes for operators. @param what is not done, for example `the action` */
export const operatorProblems = (what: string) => ({
  400: problemResponse(`The request is malformed: ${what} is not done`),
  401: problemResponse('A token is required'),
  403: problemResponse('The token does not have the role that is needed'),
  404: problemResponse('Unknown project or release'),
  409: problemResponse(`${what.replace(/^t/, 'T')} is not possible now; \`detail\` says why`),
  503: problemResponse('The registry or Temporal is away: send the same request with the same id again'),
})
