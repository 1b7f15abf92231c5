/**
 * `npm run mutate -- SLICE`: changes the slice's code in many small ways, one at a time, and fails when its tests do
 * not notice a change that `survivors.json` does not explain.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Stryker } from '@stryker-mutator/core'
import { SlipwayError } from '../../contracts/failure.js'
import { sliceNamed } from './slices.js'

type MutantResult = Awaited<ReturnType<Stryker['runMutationTest']>>[number]

interface Explained {
  readonly file: string
  /** The changed code as a text: `before → after`. */
  readonly change: string
  readonly why: string
}

const explained = JSON.parse(readFileSync(new URL('survivors.json', import.meta.url), 'utf8')) as readonly Explained[]

async function main(): Promise<void> {
  const { name, mutate } = sliceNamed(process.argv[2] ?? '')
  process.env.SLIPWAY_MUTATION_SLICE = name
  // Far from UTC, so that an instant that is read as local time is noticed. Tests cannot set it: they run in threads.
  process.env.TZ = 'Asia/Kolkata'
  const results = await new Stryker({
    testRunner: 'vitest',
    vitest: { configFile: fileURLToPath(new URL('vitest.config.ts', import.meta.url)) },
    plugins: ['@stryker-mutator/vitest-runner'],
    mutate: [...mutate],
    coverageAnalysis: 'perTest',
    concurrency: 2,
    reporters: ['progress-append-only'],
    tempDirName: '.slipway-mutation',
    // Literals of texts and messages: other tests hold those.
    mutator: { excludedMutations: ['StringLiteral'] },
  }).runMutationTest()
  report(name, results)
}

/** Lines and columns are counted from 1. */
const changeOf = ({ fileName, location: { start, end }, replacement }: MutantResult): string => {
  const lines = readFileSync(fileName, 'utf8')
    .split('\n')
    .slice(start.line - 1, end.line)
  const last = lines.length - 1
  lines[last] = (lines[last] ?? '').slice(0, end.column - 1)
  lines[0] = (lines[0] ?? '').slice(start.column - 1)
  return `${lines.join(' ')} → ${replacement}`.replaceAll(/\s+/g, ' ')
}

function report(name: string, results: readonly MutantResult[]): void {
  const survived = results.filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
  const unexplained = survived.filter((mutant) => {
    const change = changeOf(mutant)
    return !explained.some(({ file, change: known }) => mutant.fileName.endsWith(file) && known === change)
  })
  for (const mutant of unexplained)
    process.stdout.write(`${mutant.fileName}:${mutant.location.start.line} survived: ${changeOf(mutant)}\n`)
  const noticed = results.length - survived.length
  process.stdout.write(
    `${name}: ${results.length} changes, ${noticed} noticed, ${survived.length - unexplained.length} explained, ${unexplained.length} not\n`,
  )
  process.exitCode = unexplained.length === 0 ? 0 : 1
}

await main().catch((error: unknown) => {
  if (!(error instanceof SlipwayError)) throw error
  process.stderr.write(`mutate: ${error.message}\n`)
  process.exitCode = 2
})
