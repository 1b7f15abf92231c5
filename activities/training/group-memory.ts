import { readdirSync, readFileSync } from 'node:fs'

const SAMPLE_EVERY_MS = 500
/** Each search reads a file of each process on the machine, on the thread that also answers Temporal. */
const SEARCH_EVERY_SAMPLES = 10

/**
 * Samples the resident memory of all processes in one group together; Linux only, 0 elsewhere. A process that a trainer
 * starts counts from the next search for members on, five seconds later at most.
 */
export function createMemoryMeter(group: number | undefined): { stop(): number } {
  let peak = 0
  let samples = 0
  let members: string[] = []
  const sample = () => {
    if (group === undefined || process.platform !== 'linux') return
    if (samples % SEARCH_EVERY_SAMPLES === 0) members = readdirSync('/proc').filter((name) => isMember(name, group))
    samples += 1
    // An id may belong to another process since the search.
    members = members.filter((pid) => isMember(pid, group))
    peak = Math.max(
      peak,
      members.reduce((sum, pid) => sum + residentBytes(pid), 0),
    )
  }
  const timer = setInterval(sample, SAMPLE_EVERY_MS)
  return {
    stop() {
      clearInterval(timer)
      return peak
    },
  }
}

function isMember(pid: string, group: number): boolean {
  if (!/^\d+$/.test(pid)) return false
  const text = readIfThere(`/proc/${pid}/stat`)
  // Fields after the command in brackets, which may contain spaces: state, parent, group.
  return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[2]) === group
}

function residentBytes(pid: string): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readIfThere(`/proc/${pid}/status`))?.[1]
  return Number(kilobytes ?? 0) * 1_024
}

/** Empty for a process that has ended. */
function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
