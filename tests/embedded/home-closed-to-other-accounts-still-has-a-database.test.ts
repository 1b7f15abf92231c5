import { execFile } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { endProcess } from '../../embedded/processes.js'
import { type HeldServers, type Holder, startHolder } from '../support/holder-process.js'
import { aliveOf, serversOf } from '../support/slipway-process.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const isRoot = process.getuid?.() === 0
if (!isRoot) console.warn('skipped: only root runs PostgreSQL as another account, which then needs access to the home')

let closed: string
let holders: Holder<HeldServers>[]

beforeEach(() => {
  closed = mkdtempSync(join(tmpdir(), 'slipway-closed-'))
  chmodSync(closed, 0o700)
  holders = []
})
afterEach(async () => {
  await Promise.all(holders.map((holder) => holder.kill()))
  const home = join(closed, 'home')
  for (const pid of await aliveOf(serversOf(home))) await endProcess(pid)
  // The data may be stored outside the home, and are then not removed with it.
  if (existsSync(join(home, 'postgres.json'))) rmSync(baseOf(home), { recursive: true, force: true })
  rmSync(closed, { recursive: true, force: true })
})

const baseOf = (home: string): string =>
  (JSON.parse(readFileSync(join(home, 'postgres.json'), 'utf8')) as { base: string }).base

const hold = (folder?: URL): Holder<HeldServers> => {
  const holder = startHolder<HeldServers>('hold-servers-main.ts', [], { SLIPWAY_HOME: join(closed, 'home') }, folder)
  holders.push(holder)
  return holder
}

describe.skipIf(!isRoot)('as root, below a folder of mode 0700', () => {
  it('the database is stored where its account has access, and is found again', async () => {
    const first = hold()
    const { pid } = await first.report
    const home = join(closed, 'home')
    const base = baseOf(home)
    expect(base.startsWith(closed)).toBe(false)
    expect(existsSync(join(base, 'data', 'PG_VERSION'))).toBe(true)
    expect(await accountOf(pid)).not.toBe('0')
    await first.letGo()
    expect(await aliveOf([pid])).toEqual([])

    chmodSync(closed, 0o755)
    const second = hold()
    await second.report
    expect(baseOf(home)).toBe(base)
    await second.letGo()
  })

  it('a complete clone of the repository works, including its programs', async () => {
    const clone = join(closed, 'clone')
    mkdirSync(clone)
    for (const part of ['package.json', 'tsconfig.json', 'bin', 'contracts', 'embedded', 'tests/support']) {
      cpSync(join(ROOT, part), join(clone, part), { recursive: true })
    }
    await promisify(execFile)('cp', ['-al', join(ROOT, 'node_modules'), join(clone, 'node_modules')])
    const holder = hold(pathToFileURL(join(clone, 'tests', 'support', '/')))
    const { pid } = await holder.report
    expect(await accountOf(pid)).not.toBe('0')
    await holder.letGo()
    expect(await aliveOf([pid])).toEqual([])
  })
})

async function accountOf(pid: number): Promise<string> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'uid=', '-p', String(pid)])
  return stdout.trim()
}
