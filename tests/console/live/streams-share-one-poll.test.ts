import { expect, it } from 'vitest'
import { createLiveViews, type View } from '../../../console/live/live-views.js'
import { Refused } from '../../../serving/refused.js'
import { until } from '../../serving/support.js'

/** Reads a stream in the background. */
function reading(stream: ReadableStream<Uint8Array> | null) {
  if (!stream) throw new Error('there is no stream')
  const reader = stream.getReader()
  const state = { text: '', ended: false }
  const read = async () => {
    for (const decoder = new TextDecoder(); ; ) {
      const { value, done } = await reader.read()
      if (done) break
      state.text += decoder.decode(value, { stream: true })
    }
    state.ended = true
  }
  void read()
  return { state, cancel: () => reader.cancel() }
}

function counted(most: number) {
  const seen = { stamps: 0, renders: 0, stamp: 'a', html: 'one', away: false, removed: false }
  const live = createLiveViews({
    most,
    everyMs: 20,
    renewMs: 1e9,
    async stamp() {
      seen.stamps += 1
      if (seen.away) throw new Error('the database is away')
      return seen.stamp
    },
  })
  const view: View = {
    key: '/',
    async render() {
      seen.renders += 1
      if (seen.removed) throw new Refused('unknown_project', 'project "x" is unknown')
      return seen.html
    },
  }
  return { seen, live, view }
}

it('many streams of one page cost one poll and one rendering, and all get the change', async () => {
  const { seen, live, view } = counted(100)
  const streams = Array.from({ length: 50 }, () => reading(live.open(view)))
  await until('all have the page', () => streams.every(({ state }) => state.text.includes('"html":"one"')))
  expect(seen.renders).toBe(1)
  const polled = seen.stamps
  await until('some polls without a change', () => seen.stamps > polled + 5)
  expect(seen.renders).toBe(1)
  Object.assign(seen, { stamp: 'b', html: 'two' })
  await until('all have the change', () => streams.every(({ state }) => state.text.includes('"html":"two"')))
  expect(seen.renders).toBe(2)
  live.close()
  await until('all have ended', () => streams.every(({ state }) => state.ended))
  expect(live.streams).toBe(0)
})

it('a stream beyond the limit is refused, and a browser that leaves makes room', async () => {
  const { live, view } = counted(2)
  const first = reading(live.open(view))
  reading(live.open(view))
  expect(live.open(view)).toBeNull()
  await first.cancel()
  expect(live.streams).toBe(1)
  expect(live.open(view)).not.toBeNull()
  live.close()
})

it('without streams nothing is polled', async () => {
  const { seen, live, view } = counted(2)
  const only = reading(live.open(view))
  await until('it has the page', () => only.state.text.includes('one'))
  await only.cancel()
  await until('the last poll has ended', async () => {
    const before = seen.stamps
    await new Promise((resolve) => setTimeout(resolve, 100))
    return seen.stamps === before
  })
})

it('a registry that is away is reported, and the page comes again when it is back', async () => {
  const { seen, live, view } = counted(2)
  const { state } = reading(live.open(view))
  await until('it has the page', () => state.text.includes('event: content'))
  seen.away = true
  await until('it is reported', () => state.text.includes('event: away'))
  Object.assign(seen, { away: false, html: 'back' })
  await until('the page comes', () => state.text.includes('"html":"back"'))
  live.close()
})

it('a project that is removed while its page is open is reported there, and other pages still change', async () => {
  const { seen, live, view } = counted(2)
  const { state } = reading(live.open(view))
  const other = reading(live.open({ key: '/other', render: async () => `other ${seen.stamp}` }))
  await until('both have their page', () => state.text.includes('"one"') && other.state.text.includes('other a'))
  Object.assign(seen, { removed: true, stamp: 'b' })
  await until('it is reported', () => state.text.includes('event: gone'))
  expect(state.text).toContain('is unknown')
  await until('the other page has the change', () => other.state.text.includes('other b'))
  expect(state.ended).toBe(false)
  live.close()
})

it('a browser that does not read is disconnected before it fills the memory', async () => {
  const { seen, live, view } = counted(2)
  seen.html = 'x'.repeat(100_000)
  live.open(view)
  await until('it is disconnected', () => {
    seen.stamp += 'b'
    seen.html = seen.html.replace(/^./, (one) => (one === 'x' ? 'y' : 'x'))
    return live.streams === 0
  })
})
