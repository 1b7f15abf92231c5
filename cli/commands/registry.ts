import { open, rename, rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { finished } from 'node:stream/promises'
import type { Command } from 'commander'
import { SlipwayError } from '../../contracts/failure.js'
import { loadProjects, requireProject } from '../../projects/load.js'
import type { LedgerExport, Registry } from '../../registry/index.js'
import { show } from '../runtime/output.js'
import { withRegistry } from '../runtime/with-registry.js'
import { registerPruneCommand } from './prune.js'

interface ExportOptions {
  out: string
  project?: string
  json?: boolean
}

/** Lines of what was dropped, at most: a registry of years has thousands. */
const MOST_LINES = 20

export function registerRegistryCommands(program: Command): void {
  const registry = program.command('registry').description('the record of every release')
  registry
    .command('migrate')
    .description('bring the database up to date as the user of SLIPWAY_DATABASE_URL, who owns its tables')
    .option('--json', 'print JSON')
    .action(async (options: { json?: boolean }) => {
      await withRegistry(async (handle) => {
        const status = await handle.registry.status()
        show(options, status, () => `the registry is up to date; processes run as ${status.user}`)
      })
    })
  registry
    .command('verify')
    .description('recompute every digest and the chain of the ledger')
    .option('--json', 'print JSON')
    .action(verify)
  registry
    .command('export')
    .description('write the chain as lines of JSON that others can check (docs/export.md)')
    .option('--out <file>', 'where to; - is standard output', 'releases.jsonl')
    .option('--project <project>', 'only this one')
    .option('--json', 'print JSON')
    .action(exportChain)
  registerPruneCommand(registry)
}

async function verify(options: { json?: boolean }): Promise<void> {
  await withRegistry(async (handle) => {
    const found = await handle.registry.ledger.verify()
    const { entries, artifacts, days, problems, dropped } = found
    show(options, found, () => {
      const end = problems.length === 0 ? 'all intact' : `${problems.length} broken`
      const said = dropped.length === 0 ? '' : `; ${dropped.length} not checked: dropped by policy`
      const line = ({ project, seq, what }: (typeof problems)[number]) => `${project} #${seq}: ${what}`
      return [
        `${entries} entries, ${artifacts} artifacts and ${days} closed days checked: ${end}${said}`,
        ...problems.map((problem) => `  ${line(problem)}`),
        ...dropped.slice(-MOST_LINES).map((one) => `  ∅ ${line(one)}`),
        ...(dropped.length > MOST_LINES ? [`  the newest ${MOST_LINES} of them; --json shows all`] : []),
      ].join('\n')
    })
    if (problems.length > 0) process.exitCode = 1
  })
}

async function exportChain({ out, project, ...options }: ExportOptions): Promise<void> {
  if (out === '-' && options.json)
    throw new SlipwayError('BadRequest', '--out - and --json both write to standard output')
  if (project !== undefined) requireProject(await loadProjects(), project)
  await withRegistry(async ({ registry }) => {
    if (out === '-') {
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
          : ['keep the hashes above elsewhere: they show a chain that was rewritten to its end']),
      ].join('\n'),
    )
  })
}

/** Beside it first: an export that ends early leaves the one before as it was. */
async function writeWhole(file: string, registry: Registry, project: string | undefined): Promise<LedgerExport> {
  const part = `${file}.${process.pid}.part`
  const handle = await open(part, 'wx').catch((error: Error) => {
    throw new SlipwayError('BadRequest', `--out ${file} cannot be written: ${error.message}`)
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

/** Waits for whoever reads more slowly than the database answers. */
const toStream =
  (stream: NodeJS.WritableStream) =>
  (line: string): Promise<void> =>
    new Promise((done, fail) => {
      stream.write(line, (error) => (error ? fail(unwritten(error)) : done()))
    })

/** Its own kind of failure: a full disk or a closed pipe is no database that is away. */
const unwritten = (error: Error): SlipwayError =>
  new SlipwayError('BadRequest', `the export cannot be written: ${error.message}`)
