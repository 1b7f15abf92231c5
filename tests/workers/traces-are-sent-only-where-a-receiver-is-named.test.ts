/** What a whole topology sends is tested in tests/deploy. */
import { afterEach, expect, it, vi } from 'vitest'
import { callerOf, traceOfRun } from '../../contracts/traces.js'
import { tracesOfEnvironment } from '../../workers/traces/open-traces.js'
import { otlpReceiver } from '../support/otlp-receiver.js'

afterEach(() => vi.unstubAllEnvs())

it('nothing is traced without a receiver, and a wrong address is refused without being shown', () => {
  expect(tracesOfEnvironment('test', {})).toBeUndefined()
  const named = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' }
  expect(tracesOfEnvironment('test', { ...named, OTEL_SDK_DISABLED: 'true' })).toBeUndefined()
  const wrong = () => tracesOfEnvironment('test', { OTEL_EXPORTER_OTLP_ENDPOINT: 'ftp://user:planted@host' })
  expect(wrong).toThrow(/^(?!.*planted).*must be the http or https address/)
})

it('work arrives in the trace of its release, with the ids that follow from the workflow id', async () => {
  const receiver = await otlpReceiver()
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', receiver.url)
  vi.stubEnv('OTEL_EXPORTER_OTLP_HEADERS', 'authorization=Bearer%20x,other=1')
  try {
    const traces = tracesOfEnvironment('test')
    const run = traceOfRun('release/toy/a')
    traces?.record({ name: 'train', parent: run, from: 1_000, until: 3_500, attributes: { attempt: 2 }, error: 'no' })
    traces?.record({ name: 'release', self: run, from: 0, until: 9_000, attributes: {} })
    traces?.record({ name: 'other', from: 0, until: 1, attributes: {}, links: [run] })
    await traces?.stop()
    const [train, release, other] = receiver.spans
    expect(train).toMatchObject({ service: 'test', traceId: run.traceId, parentSpanId: run.spanId, from: 1_000 })
    expect(train).toMatchObject({ until: 3_500, attributes: { attempt: '2' }, status: { message: 'no' } })
    expect(release).toMatchObject({ ...run, name: 'release', until: 9_000 })
    expect(release?.parentSpanId).toBeUndefined()
    expect(other).toMatchObject({ links: [run] })
    expect([other?.traceId, train?.spanId]).not.toContain(run.traceId)
    expect(new Set([train?.spanId, release?.spanId, other?.spanId]).size).toBe(3)
    expect(receiver.headers()).toMatchObject({ authorization: 'Bearer x', other: '1' })
    expect(traceOfRun('release/toy/b')).not.toEqual(run)
  } finally {
    await receiver.stop()
  }
})

it('a receiver that is away does not keep a process that stops', async () => {
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', 'http://127.0.0.1:9')
  const traces = tracesOfEnvironment('test')
  traces?.record({ name: 'lost', from: 0, until: 1, attributes: {} })
  await traces?.stop()
})

it('a request belongs to the trace of its caller only where the caller records it', () => {
  const [traceId, spanId] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7']
  expect(callerOf(`00-${traceId}-${spanId}-01`)).toEqual({ traceId, spanId })
  const none = [undefined, '', 'x', `00-${traceId}-${spanId}-00`, `00-${'0'.repeat(32)}-${spanId}-01`]
  for (const header of [...none, `00-${traceId}-${'0'.repeat(16)}-01`, `00-${traceId.toUpperCase()}-${spanId}-01`])
    expect(callerOf(header)).toBeUndefined()
})
