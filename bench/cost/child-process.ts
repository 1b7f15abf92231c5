/** Child processes whose time is measured. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export const SLIPWAY = fileURLToPath(new URL('../../bin/slipway.js', import.meta.url))

type Environment = Readonly<Record<string, string>>

/** @returns wall ms from start to end. @throws Error with its output when it fails */
export async function timed(args: readonly string[], environment: Environment = {}): Promise<number> {
  const began = performance.now()
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = outputOf(child)
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${output()}`)
  return performance.now() - began
}

/** Starts a process that stays, and waits for a line of its output. */
export async function untilLine(
  args: readonly string[],
  environment: Environment,
  isReady: (line: string) => boolean,
): Promise<{ child: ChildProcess; ms: number }> {
  const began = performance.now()
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = outputOf(child)
  const ready = new Promise<void>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => isReady(line) && resolve())
  })
  const failed = once(child, 'exit').then(([code]) =>
    Promise.reject(new Error(`${args.join(' ')} ended with ${code}: ${output()}`)),
  )
  failed.catch(() => {})
  await Promise.race([ready, failed])
  return { child, ms: performance.now() - began }
}

export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}

function outputOf(child: ChildProcess): () => string {
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-4_000)
    })
  return () => output
}
