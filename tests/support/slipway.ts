import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const ENTRY = fileURLToPath(new URL('../../bin/slipway.js', import.meta.url))

/** The `slipway` command in a process of its own. */
export async function slipway(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  { timeout = 30_000, onStdout = (_soFar: string) => {} } = {},
) {
  const child = spawn(process.execPath, [ENTRY, ...args], { env: { ...process.env, ...environment }, timeout })
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
