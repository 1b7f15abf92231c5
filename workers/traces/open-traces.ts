import type { HrTime, Link, SpanContext } from '@opentelemetry/api'
import { SlipwayError } from '../../contracts/failure.js'
import type { TraceParent, Traces } from '../../contracts/traces.js'

/**
 * Sends traces where the standard variables of OpenTelemetry name a receiver; it reads the others too (headers, time-outs).
 * Undefined without one: then no package of OpenTelemetry is loaded.
 */
export async function tracesOfEnvironment(service: string, env = process.env): Promise<Traces | undefined> {
  const endpoint = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || env.OTEL_EXPORTER_OTLP_ENDPOINT
  if (!endpoint || env.OTEL_SDK_DISABLED === 'true') return undefined
  if (!URL.canParse(endpoint) || !/^https?:$/.test(new URL(endpoint).protocol))
    throw new SlipwayError(
      'BadRequest',
      'OTEL_EXPORTER_OTLP_ENDPOINT must be the http or https address of an OTLP receiver',
    )
  return openTraces(service)
}

/** A plain number before the start of this process would be taken for a time since then. */
const hrTime = (ms: number): HrTime => [Math.floor(ms / 1_000), Math.round((ms % 1_000) * 1e6)]

async function openTraces(service: string): Promise<Traces> {
  const [api, { BasicTracerProvider, BatchSpanProcessor }, { OTLPTraceExporter }, { resourceFromAttributes }] =
    await Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/sdk-trace-base'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ])
  const contextOf = (parent: TraceParent): SpanContext => ({ ...parent, traceFlags: 1, isRemote: true })
  const random = (digits: number) =>
    Array.from({ length: digits / 8 }, () =>
      Math.floor(Math.random() * 2 ** 32)
        .toString(16)
        .padStart(8, '0'),
    ).join('')
  /** Ids of the span that is being created. */
  let self: TraceParent | undefined
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'service.namespace': 'slipway' }),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
    idGenerator: {
      generateTraceId: () => self?.traceId ?? random(32),
      generateSpanId: () => self?.spanId ?? random(16),
    },
  })
  const tracer = provider.getTracer('slipway')
  return {
    record(work) {
      self = work.self
      const links: Link[] = (work.links ?? []).map((link) => ({ context: contextOf(link) }))
      const within = work.parent ? api.trace.setSpanContext(api.ROOT_CONTEXT, contextOf(work.parent)) : api.ROOT_CONTEXT
      const span = tracer.startSpan(
        work.name,
        { startTime: hrTime(work.from), attributes: { ...work.attributes }, links },
        within,
      )
      self = undefined
      if (work.error !== undefined) span.setStatus({ code: api.SpanStatusCode.ERROR, message: work.error })
      span.end(hrTime(work.until))
    },
    // A receiver that is away must not keep a process that stops.
    stop: () => provider.shutdown().catch(() => {}),
  }
}
