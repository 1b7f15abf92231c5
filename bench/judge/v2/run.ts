/** The rows of judge 2, most of them in a second process: this one has other work besides. */
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

/** Every third row; the second process takes two of the three parts. */
const PARTS = 3
type Part = Pick<Results2, 'falseClaims' | 'power' | 'pairedClaims' | 'segments'>

/** @param part of `parts` */
export const partOf = (size: { runs: number; seed: number }, part: number, parts: number): Part => ({
  falseClaims: falseClaims(size, part, parts),
  power: power(size, part, parts),
  segments: segmentRates(size, part, parts),
  pairedClaims: pairedClaims(size, part, parts),
})

/** @param meanwhile work for this process beside the second one */
export async function results2<Other>(
  size: { runs: number; seed: number },
  meanwhile: () => Other,
): Promise<{ results: Results2; other: Other }> {
  const others = partsBeside(size, [1, 2])
  const done = meanwhile()
  const first = partOf(size, 0, PARTS)
  const ratios = sampleRatio(size)
  const saved = savings(size)
  const parts = [first, ...(await others)]
  return {
    results: {
      falseClaims: interleaved(
        parts.map((part) => part.falseClaims),
        ({ row }) => row,
      ),
      power: interleaved(
        parts.map((part) => part.power),
        ({ judge, method, acrossDays }) => judge + method + acrossDays,
      ),
      sampleRatio: ratios,
      segments: interleaved(
        parts.map((part) => part.segments),
        ({ row }) => row,
      ),
      pairedClaims: interleaved(
        parts.map((part) => part.pairedClaims),
        ({ row }) => row,
      ),
      savings: saved,
    },
    other: done,
  }
}

async function partsBeside({ runs, seed }: { runs: number; seed: number }, parts: readonly number[]): Promise<Part[]> {
  const main = fileURLToPath(new URL('part-main.ts', import.meta.url))
  const numbers = [runs, seed, PARTS, ...parts].map(String)
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...numbers], { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    text += more
  })
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`the rows of the second process failed with code ${code}`)
  return JSON.parse(text) as Part[]
}

/** Rows of the parts alternate; the lines of one row stay together. */
function interleaved<Line>(parts: readonly (readonly Line[])[], nameOf: (line: Line) => string): Line[] {
  const rows = (lines: readonly Line[]) =>
    [...new Set(lines.map(nameOf))].map((name) => lines.filter((l) => nameOf(l) === name))
  const [first = [], ...others] = parts.map(rows)
  return first.flatMap((lines, index) => [...lines, ...others.flatMap((other) => other[index] ?? [])])
}
