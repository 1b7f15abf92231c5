import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { parseCutoff } from '../../contracts/instants.js'
import { leftOutText } from '../../contracts/left-out-text.js'
import { loadProjects, requireProject } from '../../projects/load.js'
import { type CheckedSource, checkSource } from '../../releases/check-source.js'
import { collectFiles } from '../../releases/sources/collect-files.js'
import { mostSourceBytes } from '../../releases/sources/limits.js'
import { type StoredSource, storeSource } from '../../releases/sources/store-source.js'
import { byOption, requireActor } from '../runtime/by-option.js'
import { show } from '../runtime/output.js'
import { home } from '../runtime/platform.js'
import { sendSnapshot } from '../runtime/send-snapshot.js'
import { serverOf, serverOption } from '../runtime/server-option.js'
import { withRegistry } from '../runtime/with-registry.js'

interface Options {
  cutoff?: string
  json?: boolean
}

export function registerSnapshotCommands(program: Command): void {
  const snapshot = program
    .command('snapshot')
    .description('check your own data before a release uses it, and store it for workers elsewhere')
  snapshot
    .command('check <project> <path>')
    .description('read data as a release would and name all problems at once; starts and records nothing')
    .option('--cutoff <instant>', 'check the data as of this instant, e.g. 2001-03-10 (default: now)')
    .option('--json', 'print JSON')
    .action(async (name: string, path: string, options: Options) => {
      const project = requireProject(await loadProjects(), name)
      const cutoff = options.cutoff === undefined ? Date.now() : parseCutoff(options.cutoff, '--cutoff').getTime()
      const checked = await checkSource(project, resolve(path), cutoff)
      show(options, checked, checkedText)
      if (!checked.ok) process.exitCode = 1
    })
  snapshot
    .command('add <project> <path>')
    .description(
      'check data and store it by digest, where workers on other machines read it; prints what `release start --snapshot` takes',
    )
    .option('--cutoff <instant>', 'check the data as of this instant, e.g. 2001-03-10 (default: now)')
    .addOption(byOption())
    .addOption(serverOption())
    .option('--json', 'print JSON')
    .action(add)
}

interface AddOptions extends Options {
  by: string
  server?: string
}

async function add(name: string, path: string, options: AddOptions, command: Command): Promise<void> {
  const at = options.cutoff === undefined ? undefined : parseCutoff(options.cutoff, '--cutoff')
  const isNamed = command.getOptionValueSource('by') === 'cli'
  const server = serverOf(options)
  if (server !== undefined) {
    // With a token the service knows who asks.
    const by = isNamed || !process.env.SLIPWAY_TOKEN ? options.by : undefined
    return showStored(options, await sendSnapshot(server, { project: name, path, cutoff: at?.toISOString(), by }))
  }
  requireActor(isNamed)
  const most = mostSourceBytes()
  const project = requireProject(await loadProjects(), name)
  await collectFiles(path, most)
  const checked = await checkSource(project, resolve(path), at?.getTime() ?? Date.now())
  if (!checked.ok) {
    show(options, checked, checkedText)
    process.exitCode = 1
    return
  }
  await withRegistry(async (handle) => {
    const needs = { ...handle, workFolder: join(home(), 'work') }
    showStored(options, await storeSource(needs, { project: name, path, by: options.by, most }))
  })
}

const showStored = (options: AddOptions, stored: StoredSource): void =>
  show(options, stored, ({ project, snapshot, name, files, bytes }) =>
    [
      `stored ${name}: ${files} ${files === 1 ? 'file' : 'files'}, ${bytes} bytes`,
      `use it with: slipway release start ${project} --snapshot ${snapshot}`,
    ].join('\n'),
  )

function checkedText({ project, source, cutoff, ok, problems, snapshot }: CheckedSource): string {
  const left = snapshot?.rejected.map((item) => `  left out: ${leftOutText(item)}`) ?? []
  const usable = snapshot
    ? `${snapshot.rows} rows up to ${cutoff}, ${snapshot.days.first} to ${snapshot.days.last}, ${snapshot.labelled} with a label`
    : ''
  if (ok) return [`${source} can be used by ${project}: ${usable}`, ...left].join('\n')
  return [
    `${source} cannot be used by ${project}: ${problems.length === 1 ? 'one problem' : `${problems.length} problems`}`,
    ...problems.map(({ problem, count, places }) => {
      const times = count === 1 ? '' : `, ${count} times`
      return `  ${problem}${places.length > 0 ? ` (${places.join('; ')}${times})` : times}`
    }),
    ...left,
    `see the expected columns with: slipway project formats ${project}`,
  ].join('\n')
}
