/** The rows of judge 2, half of them in a second process. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Results2 } from './expectations.js'
import { falseClaims } from './false-claims.js'
import { pairedClaims } from './paired/false-claims.js'
import { savings } from './paired/savings.js'
import { power } from './power.js'
import { sampleRatio } from './sample-ratio.js'
import { segmentRates } from './segments.js'

type Half = Pick<Results2, 'falseClaims' | 'power' | 'pairedClaims' | 'segments'>

/** @param meanwhile work for this process beside the second one */
export async function results2<Other>(
  size: { runs: number; seed: number },
  meanwhile: () => Other,
): Promise<{ results: Results2; other: Other }> {
  const other = secondHalf(size)
  const done = meanwhile()
  const first: Half = {
    falseClaims: falseClaims(size, 0, 2),
    power: power(size, 0, 2),
    segments: segmentRates(size, 0, 2),
    pairedClaims: pairedClaims(size, 0, 2),
  }
  const ratios = sampleRatio(size)
  const saved = savings(size)
  const second = await other
  return {
    results: {
      falseClaims: interleaved(first.falseClaims, second.falseClaims, ({ row }) => row),
      power: interleaved(first.power, second.power, ({ judge, method, acrossDays }) => judge + method + acrossDays),
      sampleRatio: ratios,
      segments: interleaved(first.segments, second.segments, ({ row }) => row),
      pairedClaims: interleaved(first.pairedClaims, second.pairedClaims, ({ row }) => row),
      savings: saved,
    },
    other: done,
  }
}

async function secondHalf({ runs, seed }: { runs: number; seed: number }): Promise<Half> {
  const main = fileURLToPath(new URL('part-main.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', main, `${runs}`, `${seed}`, '1', '2'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    text += more
  })
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`the second half of the rows failed with code ${code}`)
  return JSON.parse(text) as Half
}

/** Rows of the two halves alternate; the lines of one row stay together. */
function interleaved<Line>(first: readonly Line[], second: readonly Line[], nameOf: (line: Line) => string): Line[] {
  const rows = (lines: readonly Line[]) =>
    [...new Set(lines.map(nameOf))].map((name) => lines.filter((l) => nameOf(l) === name))
  const [even, odd] = [rows(first), rows(second)]
  return even.flatMap((lines, index) => [...lines, ...(odd[index] ?? [])])
}
