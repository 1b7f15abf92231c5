/**
 * Ends a request to the store that hears nothing. A connection that is half closed, for example behind a firewall that
 * has forgotten it, delivers neither bytes nor its end, and the client of Node.js waits five minutes for it.
 */
export const SILENCE_MS = 60_000

export interface Silence {
  /** For the request. */
  readonly signal: AbortSignal
  /** Something arrived, or was taken to be sent. */
  heard(): void
  /** The request is over. */
  end(): void
}

export function limitSilence(ms: number): Silence {
  const limit = new AbortController()
  // An answer that nothing reads must not keep a process running.
  const timer = setTimeout(() => limit.abort(new Error(`nothing was heard for ${ms / 1_000} s`)), ms).unref()
  return { signal: limit.signal, heard: () => void timer.refresh(), end: () => clearTimeout(timer) }
}

/** The same for a request whose answer is read by `work`. */
export async function withSilenceLimit<T>(work: (signal: AbortSignal) => Promise<T>, ms = SILENCE_MS): Promise<T> {
  const silence = limitSilence(ms)
  try {
    return await work(silence.signal)
  } finally {
    silence.end()
  }
}

const PIECE = 256 << 10

/** The same bytes, and each piece that is taken of them is heard. */
export async function* heardIn(
  bytes: Buffer | AsyncIterable<Uint8Array>,
  { heard }: Silence,
): AsyncGenerator<Uint8Array> {
  for await (const piece of Buffer.isBuffer(bytes) ? piecesOf(bytes) : bytes) {
    heard()
    yield piece
  }
}

function* piecesOf(bytes: Buffer): Generator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += PIECE) yield bytes.subarray(from, from + PIECE)
}
