import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Check } from '../../embedded/doctor/check.js'
import { freePort } from '../../embedded/free-port.js'
import { slipway } from '../support/slipway.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slipway-doctor-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function doctor(environment: Record<string, string>) {
  const ended = await slipway(['doctor', '--json'], {
    SLIPWAY_HOME: join(folder, 'home'),
    TEMPORAL_ADDRESS: '',
    SLIPWAY_DATABASE_URL: '',
    ...environment,
  })
  const checks = JSON.parse(ended.stdout) as Check[]
  return { ...ended, checks, of: (name: string) => checks.find((check) => check.name.startsWith(name)) }
}

describe('slipway doctor', () => {
  it('exits with 0 when every check passes, and changes nothing', async () => {
    const { code, checks, of } = await doctor({})
    expect(checks.filter(({ ok }) => !ok)).toEqual([])
    expect(code).toBe(0)
    expect(checks.map(({ name }) => name)).toEqual([
      'Node.js',
      'home',
      'cache',
      'Temporal',
      'PostgreSQL',
      'time-skipping test server (tests only)',
    ])
    expect(of('home')?.detail).toBe(`${join(folder, 'home')}, created at the first start`)
    expect(of('Temporal')?.detail).toMatch(/temporal\S*; not running/)
    expect(of('PostgreSQL')?.detail).toMatch(/embedded, programs in /)
    expect(existsSync(join(folder, 'home'))).toBe(false)
  })

  it('exits with 1 when something is missing, and names the fix of each problem', async () => {
    writeFileSync(join(folder, 'file'), '')
    const port = await freePort()
    const { code, checks, of } = await doctor({
      SLIPWAY_HOME: join(folder, 'file', 'home'),
      TEMPORAL_ADDRESS: `127.0.0.1:${port}`,
      SLIPWAY_DATABASE_URL: `postgres://slipway:correct-horse@127.0.0.1:${port}/releases`,
    })
    expect(code).toBe(1)
    expect(of('home')).toMatchObject({
      ok: false,
      detail: expect.stringContaining('is a file') as string,
      mend: 'set SLIPWAY_HOME to a folder you may write',
    })
    expect(of('Temporal')).toMatchObject({
      ok: false,
      detail: `no answer at 127.0.0.1:${port} (TEMPORAL_ADDRESS)`,
      mend: expect.stringContaining('unset TEMPORAL_ADDRESS') as string,
    })
    expect(of('PostgreSQL')).toMatchObject({
      ok: false,
      detail: `no answer at 127.0.0.1:${port} (SLIPWAY_DATABASE_URL)`,
      mend: expect.stringContaining('unset SLIPWAY_DATABASE_URL') as string,
    })
    expect(JSON.stringify(checks)).not.toContain('correct-horse')
  })

  it('names where to get each program when PATH and the cache are empty', async () => {
    const cache = join(folder, 'cache')
    const { code, of } = await doctor({ PATH: '', SLIPWAY_CACHE: cache, SLIPWAY_DATABASE_URL: 'not a url' })
    expect(code).toBe(1)
    expect(of('Temporal')).toMatchObject({
      ok: false,
      detail: expect.stringContaining('no binary yet') as string,
      mend: 'install Go, or put `temporal` on PATH, or set TEMPORAL_ADDRESS',
    })
    expect(of('time-skipping')).toMatchObject({ ok: false, mend: 'install a Java runtime and Maven' })
    expect(of('PostgreSQL')).toMatchObject({ ok: false, detail: 'SLIPWAY_DATABASE_URL is not a URL' })
    expect(readdirSync(folder)).toEqual([])
  })

  it('prints one line per check, with the fix below a failed one', async () => {
    const { stdout, code } = await slipway(['doctor'], {
      SLIPWAY_HOME: join(folder, 'home'),
      SLIPWAY_DATABASE_URL: 'not a url',
      TEMPORAL_ADDRESS: '',
    })
    expect(code).toBe(1)
    expect(stdout).toMatch(/✗ PostgreSQL: SLIPWAY_DATABASE_URL is not a URL\n {4}fix: write it as postgres:/)
    expect(stdout).toMatch(/✓ Node.js: v/)
  })
})
