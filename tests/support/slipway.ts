import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const ENTRY = fileURLToPath(new URL('../../bin/slipway.js', import.meta.url))

/** Limit for a command that hangs. A command that is slow on a busy machine must not fail. */
const HANGS_AFTER_MS = 240_000

/** Runs the `slipway` command as a process to its end. */
export async function slipway(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  { timeout = HANGS_AFTER_MS, node = process.execPath, onStdout = (_soFar: string) => {} } = {},
) {
  const child = spawn(node, [ENTRY, ...args], { env: { ...process.env, ...environment }, timeout })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    onStdout(stdout)
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout, stderr }
}
