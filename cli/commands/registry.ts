import { open, rename, rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { finished } from 'node:stream/promises'
import type { Command } from 'commander'
import { SlipwayError } from '../../contracts/failure.js'
import { terminalText } from '../../contracts/terminal-text.js'
import { loadProjects, requireProject } from '../../projects/load.js'
import type { Comparison, LedgerExport, Registry, Verification } from '../../registry/index.js'
import { show } from '../runtime/output.js'
import { linesOf } from '../runtime/read-lines.js'
import { withRegistry } from '../runtime/with-registry.js'
import { notWritten, refuseTwoOutputs, STANDARD_OUTPUT } from '../runtime/write-output.js'
import { registerPruneCommand } from './prune.js'

interface ExportOptions {
  out: string
  project?: string
  json?: boolean
}

/** Dropped items printed, at most: a registry that is years old has thousands. */
const MOST_LINES = 20

export function registerRegistryCommands(program: Command): void {
  const registry = program
    .command('registry')
    .description('verify, export, prune and migrate the record of every release')
  registry
    .command('migrate')
    .description('update the database schema; SLIPWAY_DATABASE_URL must name the owner of the tables')
    .option('--json', 'print JSON')
    .action(async (options: { json?: boolean }) => {
      await withRegistry(async ({ registry: open }) => {
        const { covered, differing } = await open.retention.coverDays()
        const status = await open.status()
        const days = { coveredDays: covered.length, differingDays: differing.length }
        show(options, { ...status, ...days }, () => migratedText(status, days))
      })
    })
  registry
    .command('verify')
    .description(
      'recompute every digest and the hash chain of the ledger, and compare with the heads in the artifact store',
    )
    .option(
      '--against <file>',
      'compare with an export, a heads/DATE.json or a notice kept elsewhere: a file, an http address or s3://BUCKET/KEY',
    )
    .option('--json', 'print JSON')
    .action(verify)
  registry
    .command('export')
    .description('write the ledger as JSON lines that can be verified without Slipway (docs/export.md)')
    .option('--out <file>', 'file to write; - for standard output', 'releases.jsonl')
    .option('--project <project>', 'only this project')
    .option('--json', 'print JSON')
    .action(exportLedger)
  registerPruneCommand(registry)
}

function migratedText(
  { user }: { user: string },
  { coveredDays, differingDays }: { coveredDays: number; differingDays: number },
): string {
  return [
    `the registry is up to date; processes run as ${user}`,
    ...(coveredDays === 0
      ? []
      : [`${coveredDays} days that an earlier build had closed have a digest of version 2 now`]),
    ...(differingDays === 0 ? [] : [`${differingDays} days differ from their digest; run: slipway registry verify`]),
  ].join('\n')
}

async function verify({ against, ...options }: { against?: string; json?: boolean }): Promise<void> {
  await withRegistry(async ({ registry: { ledger } }) => {
    const compared = against === undefined ? undefined : await ledger.compare(linesOf('--against', against), against)
    const verified = await ledger.verify()
    const found = compared ? { ...verified, against: compared } : verified
    const { entries, artifacts, days, problems, dropped, covered, heads } = found
    show(options, found, () => {
      const end = problems.length === 0 ? 'all intact' : `${problems.length} broken`
      const notChecked = dropped.length === 0 ? '' : `; ${dropped.length} not checked: dropped by policy`
      const byVersion2 = covered.length === 0 ? '' : `; ${covered.length} digests of version 1 covered by version 2`
      const line = ({ project, seq, what }: (typeof problems)[number]) => terminalText(`${project} #${seq}: ${what}`)
      return [
        `${entries} entries, ${artifacts} artifacts and ${days} closed days checked: ${end}${notChecked}${byVersion2}`,
        headsText(heads),
        ...problems.map((problem) => `  ${line(problem)}`),
        ...(compared ? [againstText(compared, against ?? '')] : []),
        ...(compared?.differences ?? []).map((difference) => `  ${line(difference)}`),
        ...dropped.slice(-MOST_LINES).map((one) => `  ∅ ${line(one)}`),
        ...(dropped.length > MOST_LINES ? [`  only the newest ${MOST_LINES} are listed; --json lists all`] : []),
      ].join('\n')
    })
    if (problems.length > 0 || (compared?.differences.length ?? 0) > 0) process.exitCode = 1
  })
}

function headsText({ objects, oldest, unread }: Verification['heads']): string {
  if (unread !== null) return `not compared with the heads in the artifact store: ${unread}`
  if (oldest === null) return 'not compared with heads: the artifact store has none of the last year'
  return `compared with the newest ${objects} objects of heads in the artifact store, the oldest ${oldest}`
}

function againstText({ compared, projects, differences }: Comparison, name: string): string {
  const what = `${compared} entries of ${projects.length} projects compared with ${name}`
  return `${what}: ${differences.length === 0 ? 'the same' : `${differences.length} projects differ`}`
}

async function exportLedger({ out, project, ...options }: ExportOptions): Promise<void> {
  refuseTwoOutputs(out, options.json)
  if (project !== undefined) requireProject(await loadProjects(), project)
  await withRegistry(async ({ registry }) => {
    if (out === STANDARD_OUTPUT) {
      await registry.ledger.export(toStream(process.stdout), project)
      return
    }
    const file = resolve(out)
    const written = await writeWhole(file, registry, project)
    show(options, { file, ...written }, () =>
      [
        `${written.entries} entries in ${file}`,
        ...written.heads.map(({ project: name, seq, hash }) => `  ${name} #${seq} ${hash}`),
        ...(written.entries === 0
          ? []
          : ['keep the hashes above elsewhere: with them a ledger that was rewritten to its end is detected']),
      ].join('\n'),
    )
  })
}

/** Written to a temporary file first: an export that fails leaves the previous file as it was. */
async function writeWhole(file: string, registry: Registry, project: string | undefined): Promise<LedgerExport> {
  const part = `${file}.${process.pid}.part`
  const handle = await open(part, 'wx').catch((error: unknown) => {
    throw notWritten(file, error)
  })
  try {
    const stream = handle.createWriteStream()
    const written = await registry.ledger.export(toStream(stream), project)
    stream.end()
    await finished(stream)
    await rename(part, file)
    return written
  } catch (error) {
    await handle.close()
    await rm(part, { force: true })
    throw error
  }
}

/** Waits for a reader that is slower than the database. */
const toStream =
  (stream: NodeJS.WritableStream) =>
  (line: string): Promise<void> =>
    new Promise((done, fail) => {
      stream.write(line, (error) => (error ? fail(unwritten(error)) : done()))
    })

/** BadRequest, because a full disk or a closed pipe must not be reported as an unreachable database. */
const unwritten = (error: Error): SlipwayError =>
  new SlipwayError('BadRequest', `the export cannot be written: ${error.message}`)
