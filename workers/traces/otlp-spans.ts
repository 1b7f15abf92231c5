/** Spans in the JSON form of OTLP (opentelemetry.io/docs/specs/otlp, "JSON Protobuf Encoding"). */
import { randomBytes } from 'node:crypto'
import type { TracedWork } from '../../contracts/traces.js'

const INTERNAL = 1
const ERROR = 2

export const spansOf = (service: string, works: readonly TracedWork[]) => ({
  resourceSpans: [
    {
      resource: { attributes: attributesOf({ 'service.name': service, 'service.namespace': 'slipway' }) },
      scopeSpans: [{ scope: { name: 'slipway' }, spans: works.map(spanOf) }],
    },
  ],
})

const spanOf = ({ name, parent, self, links = [], from, until, attributes, error }: TracedWork) => ({
  traceId: self?.traceId ?? parent?.traceId ?? randomBytes(16).toString('hex'),
  spanId: self?.spanId ?? randomBytes(8).toString('hex'),
  ...(parent === undefined ? {} : { parentSpanId: parent.spanId }),
  name,
  kind: INTERNAL,
  startTimeUnixNano: nanoseconds(from),
  endTimeUnixNano: nanoseconds(until),
  attributes: attributesOf(attributes),
  links,
  status: error === undefined ? {} : { code: ERROR, message: error },
})

/** As text: a double does not hold them. */
const nanoseconds = (ms: number): string => String(BigInt(Math.round(ms * 1_000)) * 1_000n)

const attributesOf = (attributes: TracedWork['attributes']) =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }))

function anyValue(value: string | number | boolean) {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value }
}
