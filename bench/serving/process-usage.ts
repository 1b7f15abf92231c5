/** CPU time and memory of a server process, from /proc. */
import { readFileSync } from 'node:fs'
import type { Load } from './client.js'

/** Seconds of user and system time, which the load of the machine does not change. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}

export interface Measured extends Load {
  /** Answers per second of core time of the server. */
  readonly perCore: number
}

export async function measured({ pid }: { readonly pid: number }, run: () => Promise<Load>): Promise<Measured> {
  const before = cpuSeconds(pid)
  const result = await run()
  return { ...result, perCore: result.answered / (cpuSeconds(pid) - before) }
}

export function residentMb(pid: number): number {
  const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kib) / 1024
}
