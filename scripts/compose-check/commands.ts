/** Runs commands in the folder of the installation. */
import { spawn } from 'node:child_process'

const KEPT = 200_000

/** @returns what it wrote to its standard output. @throws Error with both outputs' end when it fails */
export function runIn(folder: string, env: NodeJS.ProcessEnv = process.env) {
  return (command: string, ...args: string[]): Promise<string> =>
    new Promise((resolve, reject) => {
      const child = spawn(command, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
      let [out, all] = ['', '']
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        out = (out + text).slice(-KEPT)
        all = (all + text).slice(-KEPT)
      })
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        all = (all + text).slice(-KEPT)
      })
      child.once('error', reject)
      child.once('close', (code) => {
        if (code === 0) resolve(out)
        else reject(new Error(`${command} ${args.join(' ')} ended with ${code}:\n${all.slice(-3_000)}`))
      })
    })
}

export type Run = ReturnType<typeof runIn>
