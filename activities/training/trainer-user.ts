/**
 * The operating system's user of trainers, where it is another one than the worker's: then a trainer can read neither
 * the worker's files that are closed to others, nor its environment and memory in `/proc`.
 */
import { execFile } from 'node:child_process'
import { lchown, mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { SlipwayError } from '../../contracts/failure.js'

const VARIABLE = 'SLIPWAY_TRAINER_USER'

export interface TrainerUser {
  readonly uid: number
  readonly gid: number
}

/** @throws SlipwayError BadRequest if it is no user, or this process may not start others as it */
export function trainerUser(env: NodeJS.ProcessEnv = process.env, own = process.getuid?.()): TrainerUser | undefined {
  const text = env.SLIPWAY_TRAINER_USER
  if (!text) return undefined
  const [, uid = '', gid = uid] = /^(\d{1,9})(?::(\d{1,9}))?$/.exec(text) ?? []
  if (uid === '' || Number(uid) === 0 || Number(gid) === 0)
    throw new SlipwayError(
      'BadRequest',
      `${VARIABLE} is "${text}"; write the numbers of a user and a group that are not root's, as in 65534:65534`,
    )
  if (own !== 0)
    throw new SlipwayError(
      'BadRequest',
      `${VARIABLE} is set, and only a worker of user root can start its trainers as another user; unset it, or start the worker as root`,
    )
  return { uid: Number(uid), gid: Number(gid) }
}

/** Gives folders and what an earlier attempt left in them to the user. */
export async function handOver({ uid, gid }: TrainerUser, folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    await mkdir(folder, { recursive: true })
    for (const name of await readdir(folder, { recursive: true })) await lchown(join(folder, name), uid, gid)
    await lchown(folder, uid, gid)
  }
}

const CHECK =
  'for (const path of process.argv.slice(1)) { try { require("fs").accessSync(path, 4) } catch { process.stdout.write(path); break } }'

/**
 * @throws SlipwayError BadRequest naming what the user cannot read: as a failed training it would look like the
 * trainer's fault
 */
export async function requireReadable(user: TrainerUser, paths: readonly string[]): Promise<void> {
  const closed = await promisify(execFile)(process.execPath, ['-e', CHECK, ...paths], {
    ...user,
    env: {},
    cwd: '/',
  }).then(
    ({ stdout }) => stdout,
    () => process.execPath,
  )
  if (closed === '') return
  throw new SlipwayError(
    'BadRequest',
    `${VARIABLE} ${user.uid} cannot read ${closed}; open its folders to that user, or unset ${VARIABLE}`,
  )
}
