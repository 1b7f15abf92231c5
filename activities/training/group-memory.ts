import { readdirSync, readFileSync } from 'node:fs'

const SAMPLE_EVERY_MS = 500

/** Samples the resident memory of all processes in one group together; Linux only, 0 elsewhere. */
export function createMemoryMeter(group: number | undefined): { stop(): number } {
  let peak = 0
  const sample = () => {
    if (group !== undefined) peak = Math.max(peak, groupMemory(group))
  }
  const timer = setInterval(sample, SAMPLE_EVERY_MS)
  return {
    stop() {
      clearInterval(timer)
      return peak
    },
  }
}

function groupMemory(group: number): number {
  if (process.platform !== 'linux') return 0
  let sum = 0
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      const text = readFileSync(`/proc/${name}/stat`, 'utf8')
      // Fields after the command in brackets, which may contain spaces: state, parent, group.
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
      if (Number(fields[2]) !== group) continue
      const resident = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1]
      sum += Number(resident ?? 0) * 1_024
    } catch {
      // It ended meanwhile.
    }
  }
  return sum
}
