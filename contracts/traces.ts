/**
 * Traces as an option: each release is one trace, whose ids follow from its workflow id, so that nothing has to carry
 * them.
 */
import { createHash } from 'node:crypto'

export interface TraceParent {
  /** 32 hexadecimal digits. */
  readonly traceId: string
  /** 16 hexadecimal digits. */
  readonly spanId: string
}

/** Work that has ended. */
export interface TracedWork {
  readonly name: string
  /** Absent: it is itself what the others of its trace are part of. */
  readonly parent?: TraceParent
  /** Its own ids, where they are given. */
  readonly self?: TraceParent
  /** Traces that it belongs to as well. */
  readonly links?: readonly TraceParent[]
  /** Epoch ms. */
  readonly from: number
  readonly until: number
  readonly attributes: Readonly<Record<string, string | number | boolean>>
  readonly error?: string
}

export interface Traces {
  record(work: TracedWork): void
  /** Resolves when what was recorded is sent. */
  stop(): Promise<void>
}

/** The trace of a release, and in it the span of the whole run. */
export function traceOfRun(workflowId: string): TraceParent {
  const hex = createHash('sha256').update(`slipway/trace/${workflowId}`).digest('hex')
  return { traceId: hex.slice(0, 32), spanId: hex.slice(32, 48) }
}

/** @returns the caller of a request by its header `traceparent` (W3C Trace Context), if it records its trace */
export function callerOf(header: string | undefined): TraceParent | undefined {
  const [, traceId, spanId, flags] = /^[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})/.exec(header ?? '') ?? []
  if (!traceId || !spanId || !flags || (Number.parseInt(flags, 16) & 1) === 0) return undefined
  return /^0+$/.test(traceId) || /^0+$/.test(spanId) ? undefined : { traceId, spanId }
}
