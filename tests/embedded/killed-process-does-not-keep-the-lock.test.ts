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
/** Whether it is still waited for after a few of its own looks at the lock. */
const isWaiting = async (taking: Promise<unknown>) =>
  (await Promise.race([taking, pause(400).then(() => 'waiting')])) === 'waiting'

describe('a lock', () => {
  it('is waited for while its holder lives, and free once it lets go', async () => {
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
    // Its last pulse would last for ever: only that it is dead can free the lock.
    const future = new Date(Date.now() + 3_600_000)
    utimesSync(lock, future, future)
    expect(await take()).toBe('taken')
  })

  it('of a machine that cannot be asked is free when it has had no pulse for half a minute, and not before', async () => {
    writeFileSync(lock, `${process.pid} not-${hostname()} some-token`)
    const taking = take()
    expect(await isWaiting(taking)).toBe(true)
    const past = new Date(Date.now() - 31_000)
    utimesSync(lock, past, past)
    expect(await taking).toBe('taken')
  })

  it('is held by one of many at a time, also when the first was killed', async () => {
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

  it('is no longer waited for when the wait is interrupted', async () => {
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
