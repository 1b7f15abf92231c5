import { SlipwayError } from '../../contracts/failure.js'
import type { Traces } from '../../contracts/traces.js'
import { spansOf } from './otlp-spans.js'

type Environment = Readonly<Record<string, string | undefined>>

/** More than a receiver can be away for; what comes later is dropped. */
const MOST_KEPT = 2_048
const TIMEOUT_MS = 10_000
const EVERY_MS = 5_000

/** Sends traces where the standard variables of OpenTelemetry name a receiver; undefined without one. */
export function tracesOfEnvironment(service: string, env: Environment = process.env): Traces | undefined {
  const named = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT
  const base = env.OTEL_EXPORTER_OTLP_ENDPOINT
  if (!(named || base) || env.OTEL_SDK_DISABLED === 'true') return undefined
  const address = named || `${base?.replace(/\/$/, '')}/v1/traces`
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol))
    throw new SlipwayError(
      'BadRequest',
      'OTEL_EXPORTER_OTLP_ENDPOINT must be the http or https address of an OTLP receiver',
    )
  return openTraces(service, address, {
    headers: headersOf(env),
    everyMs: Number(env.OTEL_BSP_SCHEDULE_DELAY) || EVERY_MS,
  })
}

/** `name=value,name=value`, with values as in an address. */
function headersOf({ OTEL_EXPORTER_OTLP_HEADERS: text = '' }: Environment): Record<string, string> {
  const pairs = text.split(',').map((pair) => pair.split('='))
  return Object.fromEntries(
    pairs
      .filter(([name, value]) => name && value)
      .map(([name = '', ...value]) => [name.trim(), decoded(value.join('='))]),
  )
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value.trim())
  } catch {
    throw new SlipwayError('BadRequest', 'OTEL_EXPORTER_OTLP_HEADERS has a value with a wrong % sequence')
  }
}

function openTraces(
  service: string,
  address: string,
  { headers, everyMs }: { headers: Record<string, string>; everyMs: number },
): Traces {
  let waiting: Parameters<Traces['record']>[0][] = []
  let sending = Promise.resolve()
  const send = async () => {
    const works = waiting
    if (works.length === 0) return
    waiting = []
    try {
      const response = await fetch(address, {
        method: 'POST',
        redirect: 'error',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(spansOf(service, works)),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      await response.arrayBuffer()
      // What the receiver refuses it would refuse again.
      if (response.status === 429 || response.status >= 500) keep(works)
    } catch {
      keep(works)
    }
  }
  const keep = (works: typeof waiting) => {
    waiting = [...works, ...waiting].slice(0, MOST_KEPT)
  }
  const begin = () => {
    sending = sending.then(send)
    return sending
  }
  const timer = setInterval(() => void begin(), everyMs)
  timer.unref()
  return {
    record(work) {
      if (waiting.length < MOST_KEPT) waiting.push(work)
    },
    stop() {
      clearInterval(timer)
      return begin()
    },
  }
}
