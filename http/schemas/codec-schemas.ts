import { z } from '@hono/zod-openapi'

const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/, 'must be base64')

const payload = z.object({
  metadata: z.record(z.string(), base64).optional().describe('By name, in base64; `encoding` says what the data are.'),
  data: base64.optional().describe('In base64.'),
})

export const codecPayloads = z.object({
  payloads: z.array(payload).max(10_000).describe('Payloads of Temporal, in its JSON form.'),
})
