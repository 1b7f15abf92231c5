import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { withLock } from '../../embedded/process-lock.js'
import { type Holder, startHolder } from '../support/holder-process.js'

let folder: string
let lock: string
let log: string
let holders: Holder<object>[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-lock-'))
  lock = join(folder, 'lock')
  log = join(folder, 'log')
  holders = []
})
afterEach(async () => {
  await Promise.all(holders.map((holder) => holder.kill()))
  rmSync(folder, { recursive: true, force: true })
})

const hold = (): Holder<object> => {
  const holder = startHolder<object>('hold-lock-main.ts', [lock, log], {})
  holders.push(holder)
  return holder
}
const take = () =>
  withLock(
    lock,
    () => {},
    async () => 'taken',
  )
/** Whether the lock is still not taken after several of its polls. */
const isWaiting = async (taking: Promise<unknown>) =>
  (await Promise.race([taking, pause(400).then(() => 'waiting')])) === 'waiting'

describe('a lock', () => {
  it('is not taken while its holder lives, and is free once the holder releases it', async () => {
    const holder = hold()
    await holder.report
    const taking = take()
    expect(await isWaiting(taking)).toBe(true)
    await holder.letGo()
    expect(await taking).toBe('taken')
  })

  it('is free at once when its holder was killed', async () => {
    const holder = hold()
    await holder.report
    await holder.kill()
    expect(readFileSync(lock, 'utf8')).toMatch(new RegExp(`^${holder.pid} `))
    // The last heartbeat is in the future: only the death of the process can free the lock.
    const future = new Date(Date.now() + 3_600_000)
    utimesSync(lock, future, future)
    expect(await take()).toBe('taken')
  })

  it('held on another machine is free after half a minute without a heartbeat, and not earlier', async () => {
    writeFileSync(lock, `${process.pid} not-${hostname()} some-token`)
    const taking = take()
    expect(await isWaiting(taking)).toBe(true)
    const past = new Date(Date.now() - 31_000)
    utimesSync(lock, past, past)
    expect(await taking).toBe('taken')
  })

  it('has one holder at a time, also after the first one was killed', async () => {
    const first = hold()
    await first.report
    const others = [hold(), hold(), hold()]
    await first.kill()
    for (let left = others.length; left > 0; left -= 1) {
      const next = await Promise.race(others.map((holder) => holder.report.then(() => holder)))
      others.splice(others.indexOf(next), 1)
      await next.letGo()
    }
    const [, ...lines] = readFileSync(log, 'utf8').trim().split('\n')
    expect(lines.length).toBe(6)
    for (let at = 0; at < lines.length; at += 2) {
      expect(lines[at]).toBe(lines[at + 1]?.replace('out', 'in'))
    }
  })

  it('is not taken after the wait was interrupted', async () => {
    const holder = hold()
    await holder.report
    const interrupted = new AbortController()
    const taking = withLock(
      lock,
      () => interrupted.abort(),
      async () => 'taken',
      interrupted.signal,
    )
    await expect(taking).rejects.toMatchObject({ name: 'AbortError' })
    expect(readFileSync(lock, 'utf8')).toMatch(new RegExp(`^${holder.pid} `))
  })
})
