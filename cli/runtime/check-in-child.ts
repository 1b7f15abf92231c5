/** `snapshot check` in a process of its own: reading millions of rows would delay the answers of a decision service. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { SlipwayError } from '../../contracts/failure.js'
import type { CheckedSource } from '../../releases/check-source.js'

const SLIPWAY = fileURLToPath(new URL('../../bin/slipway.js', import.meta.url))
const WITHIN_MS = 600_000
const MOST_OUTPUT = 16 * 1024 ** 2

/** @throws SlipwayError Unavailable if the check did not end as it should */
export async function checkInChild(project: string, path: string, cutoff: number): Promise<CheckedSource> {
  const args = [SLIPWAY, 'snapshot', 'check', project, path, '--json', '--cutoff', new Date(cutoff).toISOString()]
  const { output, errors } = await new Promise<{ output: string; errors: string }>((resolve) => {
    const limits = { timeout: WITHIN_MS, killSignal: 'SIGKILL', maxBuffer: MOST_OUTPUT } as const
    // It ends with 1 where the data cannot be used.
    execFile(process.execPath, args, limits, (_, stdout, stderr) => resolve({ output: stdout, errors: stderr }))
  })
  try {
    return JSON.parse(output) as CheckedSource
  } catch {
    const why = errors.trim().split('\n').at(-1) || 'it ended without a result'
    throw new SlipwayError('Unavailable', `the data could not be checked: ${why}`)
  }
}
