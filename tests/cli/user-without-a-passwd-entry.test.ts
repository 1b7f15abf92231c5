/**
 * In a container a process often runs as a user id without an entry in /etc/passwd: its commands must work all the
 * same.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { RUN_SOURCE } from '../support/run-source.js'

const UID = 54_321
const PRINT_USER = fileURLToPath(new URL('../support/print-user-main.ts', import.meta.url))

const nameOf = (user: string | undefined): string => {
  const { USER: _own, ...rest } = process.env
  const env = { ...rest, HOME: '/tmp', ...(user === undefined ? {} : { USER: user }) }
  const { status, stdout, stderr } = spawnSync(process.execPath, [RUN_SOURCE, PRINT_USER], {
    uid: UID,
    env,
    encoding: 'utf8',
  })
  expect(status, stderr).toBe(0)
  return stdout
}

// Only root may start a process as another user, as in the image and in CI.
it.runIf(process.getuid?.() === 0)('the name is USER where it is set, else the id', () => {
  expect(nameOf('ana')).toBe('ana')
  expect(nameOf(undefined)).toBe(String(UID))
})
