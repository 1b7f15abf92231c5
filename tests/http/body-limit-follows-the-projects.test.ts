/** A photo that the project's schema accepts is not refused for its size; what no schema permits still is. */

import { expect, it } from 'vitest'
import { z } from 'zod'
import { bodyLimits } from '../../http/access/body-limit.js'
import { inputSchema as photo } from '../../projects/vision/input-schema.js'

const MIB = 1 << 20
const projects = new Map<string, { inputSchema?: z.ZodType }>([
  ['vision', { inputSchema: photo }],
  ['numbers', { inputSchema: z.strictObject({ x: z.number() }) }],
  ['lists', { inputSchema: z.strictObject({ words: z.array(z.string().max(100)).max(50) }) }],
  ['any', {}],
])
const path = (project: string, route = 'decisions') => `/v1/projects/${project}/${route}`

it('decisions of a project may be as large as its inputs, and nothing else is larger', () => {
  const limit = bodyLimits(projects, { bodyBytes: MIB, bodiesFollowProjects: true })
  const largest = { photo: 'A'.repeat(Math.ceil(16e6 / 3) * 4), shipment: 'x', source: 'y' }
  expect(photo.safeParse(largest).success).toBe(true)
  expect(limit(path('vision'))).toBeGreaterThan(JSON.stringify({ entityKey: 'e', input: largest }).length)
  expect(limit(path('lists'))).toBe(MIB + 5_000)
  for (const other of [path('numbers'), path('any'), path('unknown'), path('vision', 'outcomes'), '/v1/releases/x'])
    expect(limit(other)).toBe(MIB)
})

it('a limit that the operator set is the limit of every request', () => {
  expect(bodyLimits(projects, { bodyBytes: 1_000 })(path('vision'))).toBe(1_000)
})
