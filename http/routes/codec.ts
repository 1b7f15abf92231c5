/** Temporal's codec server: the Web UI sends payloads that it cannot read, and shows what comes back. */
import { createRoute } from '@hono/zod-openapi'
import { cors } from 'hono/cors'
import { SlipwayError } from '../../contracts/failure.js'
import type { App, AppOptions, Guard } from '../app-options.js'
import { jsonResponse, operatorProblems } from '../responses.js'
import { codecPayloads } from '../schemas/codec-schemas.js'

const PATH = '/temporal/codec/decode'
const HEADERS = ['content-type', 'authorization', 'x-namespace', 'x-csrf-token']

const route = createRoute({
  method: 'post',
  path: PATH,
  summary: 'Decrypt payloads for the Temporal Web UI',
  description:
    'The codec endpoint of the Temporal Web UI and of `temporal --codec-endpoint` is the address of this service with `/temporal/codec`. What ' +
    'is not encrypted, or not with a known key, comes back as it was sent.',
  request: { body: { required: true, content: { 'application/json': { schema: codecPayloads } } } },
  responses: {
    200: jsonResponse(codecPayloads, 'The payloads in the same order'),
    ...operatorProblems('the decoding'),
  },
})

/** For operators only: it answers what the encryption hides. */
export function addCodecRoutes(
  app: App,
  guard: Guard,
  { codec, uiOrigin }: Pick<AppOptions, 'codec' | 'uiOrigin'>,
): void {
  if (uiOrigin !== undefined)
    app.use(PATH, cors({ origin: uiOrigin, allowMethods: ['POST'], allowHeaders: HEADERS, credentials: true }))
  // Without tokens, pages of other sites may not send requests here; the Web UI of this Temporal is the exception.
  app.use(PATH, (c, next) =>
    uiOrigin !== undefined && c.req.header('origin') === uiOrigin ? next() : guard.site(c, next),
  )
  app.use(PATH, guard.size, guard.identify, guard.role('operate'))
  app.openapi(route, async (c) => {
    if (!codec) throw new SlipwayError('BadRequest', 'nothing is encrypted here: SLIPWAY_PAYLOAD_KEYS is not set')
    const { payloads } = c.req.valid('json')
    const decoded = await codec.decode(
      payloads.map(({ metadata, data }) => ({ metadata: mapped(metadata ?? {}, bytesOf), data: bytesOf(data ?? '') })),
    )
    const shown = decoded.map(({ metadata, data }) => ({
      metadata: mapped(metadata ?? {}, textOf),
      data: textOf(data),
    }))
    return c.json({ payloads: shown }, 200)
  })
}

const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'base64')
const textOf = (bytes: Uint8Array | null | undefined): string => Buffer.from(bytes ?? []).toString('base64')

const mapped = <From, To>(from: Readonly<Record<string, From>>, to: (value: From) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(from).map(([name, value]) => [name, to(value)]))
