/** The database cluster: its folder, its password, and `initdb`. */
import { randomBytes, randomUUID } from 'node:crypto'
import { chown, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SlipwayError } from '../contracts/failure.js'
import type { PostgresPlace } from './postgres-place.js'
import type { Progress } from './progress.js'
import { run } from './run-command.js'

export const POSTGRES_USER = 'slipway'
const START_LIMIT_MS = 120_000

export const dataOf = ({ base }: PostgresPlace): string => join(base, 'data')
const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

/**
 * In its own process group: Ctrl-C in the terminal must not end pg_ctl half-way and leave an unknown server running.
 */
export const asServer = ({ base, account }: PostgresPlace) => ({
  ...account,
  cwd: base,
  timeoutMs: START_LIMIT_MS,
  detached: true,
})

/** @returns the password. The data folder is created atomically: a first start that was interrupted is repeated. */
export async function createCluster(home: string, place: PostgresPlace, onProgress: Progress): Promise<string> {
  const passwordFile = join(home, 'postgres.password')
  if (await exists(dataOf(place))) return (await readFile(passwordFile, 'utf8')).trim()
  onProgress('database: creating it (first start only) …')
  const password = randomBytes(18).toString('hex')
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
  const passwordCopy = join(place.base, `password-${randomUUID()}`)
  const next = join(place.base, `data-${randomUUID()}`)
  try {
    await writeFile(passwordCopy, `${password}\n`, { mode: 0o600 })
    const { uid, gid } = place.account
    if (uid !== undefined) await chown(passwordCopy, uid, gid ?? uid)
    const ran = await run(
      join(place.bin, 'initdb'),
      [
        '--pgdata',
        next,
        '--username',
        POSTGRES_USER,
        '--pwfile',
        passwordCopy,
        '--auth',
        'scram-sha-256',
        '--encoding',
        'UTF8',
        '--locale',
        'C',
      ],
      asServer(place),
    )
    if (!ran.ok) throw new SlipwayError('Unavailable', `the database could not be created: ${ran.reason}`)
    await rename(next, dataOf(place))
    return password
  } finally {
    await rm(passwordCopy, { force: true })
    await rm(next, { recursive: true, force: true })
  }
}
