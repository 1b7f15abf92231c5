/** The example's virtual environment, made once for each requirements.txt and kept in the user's cache folder. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SlipwayError } from 'slipway/kit'

const REQUIREMENTS = fileURLToPath(new URL('./requirements.txt', import.meta.url))

/** @returns the path of its Python. The first time, it needs python3 (3.11 or newer) with venv, and a package index. */
export async function python(): Promise<string> {
  const cache = process.env.SLIPWAY_CACHE || join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'slipway')
  const key = createHash('sha256')
    .update(await readFile(REQUIREMENTS))
    .digest('hex')
    .slice(0, 16)
  const folder = join(cache, `python-late-${key}`)
  const program = join(folder, 'bin', 'python')
  if (existsSync(program)) return program
  // It is made under another name and then renamed: another process sees all of it or nothing.
  const draft = `${folder}.${process.pid}`
  try {
    await mkdir(cache, { recursive: true })
    await run('python3', ['-m', 'venv', draft])
    const install = ['-m', 'pip', 'install', '--no-deps', '--disable-pip-version-check', '--quiet', '-r', REQUIREMENTS]
    await run(join(draft, 'bin', 'python'), install)
    await rename(draft, folder).catch((error: Error) => {
      if (!existsSync(program)) throw error
    })
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  return program
}

async function run(command: string, args: string[]): Promise<void> {
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] })
  const [code] = (await once(child, 'close').catch((error: Error) => [error.message])) as [number | string | null]
  if (code === 0) return
  throw new SlipwayError(
    'TrainerMisbehaved',
    `${command} ${args.join(' ')} ended with ${code}; check that python3 with venv is installed`,
  )
}
