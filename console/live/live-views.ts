/**
 * Streams of changes for open pages. One poll serves all of them: it reads the newest entry of each ledger, and only
 * when one has changed, or some time has passed, each page that is open is rendered, once for all its streams.
 */
import { errorText } from '../../contracts/error-text.js'
import { UnknownRun } from '../../registry/index.js'
import { Refused } from '../../serving/refused.js'
import { type ClientStream, createClientStream, encoded } from './client-stream.js'

export interface View {
  /** The same for every browser that shows the same page. */
  readonly key: string
  /** @throws SlipwayError Unavailable when the registry is away, BadRequest when what it shows is unknown */
  render(): Promise<string>
}

export interface LiveOptions {
  /** Changes whenever anything is recorded. */
  readonly stamp: () => Promise<string>
  readonly most?: number
  readonly everyMs?: number
  /** A page is rendered again after this time though nothing was recorded: what is late shows with time only. */
  readonly renewMs?: number
  /** A stream of a known caller ends after this time: its browser opens it again, and is asked who it is. */
  readonly lastsMs?: number
}

export interface LiveViews {
  /** @param ends for a caller whose rights may end @returns null when there are too many streams already */
  open(view: View, ends?: boolean): ReadableStream<Uint8Array> | null
  readonly streams: number
  /** Ends all streams. */
  close(): void
}

interface OpenView {
  readonly view: View
  readonly streams: Set<ClientStream>
  last: string | null
}

export const MOST_STREAMS = 500
const EVERY_MS = 2_000
const RENEW_MS = 15_000
/** As long as the claims of a session are used without asking the issuer. */
const LASTS_MS = 15 * 60_000

export function createLiveViews({
  stamp,
  most = MOST_STREAMS,
  everyMs = EVERY_MS,
  renewMs = RENEW_MS,
  lastsMs = LASTS_MS,
}: LiveOptions): LiveViews {
  const views = new Map<string, OpenView>()
  let streams = 0
  let timer: NodeJS.Timeout | null = null
  let polling = false
  let known = ''
  let sinceRenewal = 0

  const leave = (open: OpenView, stream: ClientStream) => {
    if (!open.streams.delete(stream)) return
    streams -= 1
    if (open.streams.size === 0) views.delete(open.view.key)
    if (streams === 0 && timer) {
      clearInterval(timer)
      timer = null
    }
  }
  const send = (open: OpenView, event: string, data: object) => {
    const bytes = encoded(event, data)
    for (const stream of open.streams) stream.send(bytes)
  }
  const renew = async (open: OpenView) => {
    try {
      const html = await open.view.render()
      if (html !== open.last) send(open, 'content', { html })
      else send(open, 'alive', {})
      open.last = html
    } catch (error) {
      if (error instanceof UnknownRun || error instanceof Refused) send(open, 'gone', { text: errorText(error) })
      else throw error
    }
  }
  const poll = async () => {
    const found = await stamp()
    sinceRenewal += everyMs
    const all = found !== known || sinceRenewal >= renewMs
    if (all) sinceRenewal = 0
    for (const open of views.values()) if (all || open.last === null) await renew(open)
    // Only now: a page that could not be rendered is rendered at the next poll.
    known = found
  }
  const tick = () => {
    if (polling) return
    polling = true
    void poll()
      .catch((error: unknown) => {
        known = ''
        for (const open of views.values()) {
          open.last = null
          send(open, 'away', { text: errorText(error) })
        }
      })
      .finally(() => {
        polling = false
      })
  }
  return {
    open(view, ends = false) {
      if (streams >= most) return null
      const open = views.get(view.key) ?? { view, streams: new Set(), last: null }
      views.set(view.key, open)
      const stream = createClientStream(() => {
        clearTimeout(end)
        leave(open, stream)
      })
      const end = ends ? setTimeout(stream.end, lastsMs).unref() : undefined
      open.streams.add(stream)
      streams += 1
      if (open.last !== null) stream.send(encoded('content', { html: open.last }))
      if (!timer) {
        timer = setInterval(tick, everyMs)
        tick()
      }
      return stream.readable
    },
    get streams() {
      return streams
    },
    close() {
      for (const open of views.values()) for (const stream of open.streams) stream.end()
    },
  }
}
