import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'

const ENTRY = fileURLToPath(new URL('../../bin/slipway.js', import.meta.url))
const home = mkdtempSync(join(tmpdir(), 'slipway-from-parent-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

/** As `up` starts it, before its servers have started. */
function startWaiting(): { child: ChildProcess; ended: Promise<{ code: number | null; said: string }> } {
  const child = fork(ENTRY, ['serve', '--json', '--from-parent'], {
    env: { ...process.env, SLIPWAY_HOME: home },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: [],
  })
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  // Not "close": a child that its parent has disconnected never emits it.
  const all = child.stderr && once(child.stderr, 'end')
  const ended = Promise.all([once(child, 'exit'), all]).then(([[code]]) => ({ code: code as number | null, said }))
  return { child, ended }
}

it('a decision service whose parent ended before its servers started opens nothing and ends', async () => {
  const { child, ended } = startWaiting()
  child.disconnect()
  const { code, said } = await ended
  expect(code).toBe(1)
  expect(said).toContain('the process that started this one has ended')
})

it('a decision service takes an address that its parent sends after it was started', async () => {
  const { child, ended } = startWaiting()
  child.send({ SLIPWAY_DATABASE_URL: 'not an address', SLIPWAY_PORT: '0' })
  const { code, said } = await ended
  expect(code).not.toBe(0)
  expect(said).toContain('SLIPWAY_DATABASE_URL')
})
