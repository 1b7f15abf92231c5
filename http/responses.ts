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
