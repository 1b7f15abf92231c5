/** The proxy of Compose as a process: the same configuration with addresses of this machine. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort } from '../../embedded/free-port.js'

const WITHIN_MS = 60_000

export async function startProxy(program: string, ports: { readonly a: number; readonly b: number }) {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-proxy-'))
  const port = await freePort()
  const text = readFileSync(new URL('../../deploy/Caddyfile', import.meta.url), 'utf8')
    .replace(':7070 {', `http://127.0.0.1:${port} {`)
    .replace('decisions-a:7070', `127.0.0.1:${ports.a}`)
    .replace('decisions-b:7070', `127.0.0.1:${ports.b}`)
  const file = join(folder, 'Caddyfile')
  writeFileSync(file, `{\n\tadmin off\n\tpersist_config off\n}\n${text}`)
  const env = { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder }
  const child = spawn(program, ['run', '--config', file, '--adapter', 'caddyfile'], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => (output = `${output}${chunk}`.slice(-4_000)))
  const ended = once(child, 'exit')
  const url = `http://127.0.0.1:${port}`
  for (const deadline = Date.now() + WITHIN_MS; ; await pause(100)) {
    const answer = await fetch(`${url}/readyz`).catch(() => undefined)
    if (answer?.ok) break
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`the proxy does not answer: ${output}`)
  }
  return {
    url,
    async stop() {
      child.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
