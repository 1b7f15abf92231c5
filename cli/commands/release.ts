import { type Command, InvalidArgumentError } from 'commander'
import { errorText } from '../../contracts/error-text.js'
import { loadProjects, requireProject } from '../../projects/load.js'
import { type Registry, UnknownRun } from '../../registry/index.js'
import { attentionWithClosedRuns, recordedIn } from '../../releases/closed-runs.js'
import { refusedNotices } from '../../releases/refused-notices.js'
import { unrecordedRelease, unrecordedReleases } from '../../releases/unrecorded-releases.js'
import { progress, show } from '../runtime/output.js'
import { withClient } from '../runtime/with-client.js'
import { withRegistry } from '../runtime/with-registry.js'
import { attentionText, type ListedRun, listText, showText } from '../views/release-view.js'
import { registerOperatorCommands } from './operate.js'
import { registerStartCommand } from './start.js'
import { registerWatchCommand } from './watch.js'

interface ListOptions {
  project?: string
  needsAttention?: boolean
  open?: boolean
  limit?: number
  before?: string
  json?: boolean
}

/** Temporal that is away, or not started, hides only what no worker has taken yet. */
async function unrecordedNow(registry: Registry, project: string | undefined): Promise<ListedRun[]> {
  const found = await withClient((client) => unrecordedReleases(client, project, recordedIn(registry, project))).catch(
    () => [],
  )
  return found.map(({ entries: _none, ...run }) => run)
}

function countOf(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('it must be a number from 1 to 999999.')
}

export function registerReleaseCommands(program: Command): void {
  const release = program.command('release').description('start, watch and steer releases')
  registerStartCommand(release)
  release
    .command('list')
    .description('list all releases, newest last')
    .option('--project <project>', 'only this project')
    .option(
      '--needs-attention',
      'only releases that wait for a person or take longer than expected, and notices that a webhook refused',
    )
    .option('--open', 'only releases without a verdict')
    .option('--limit <count>', 'at most so many: the newest', countOf)
    .option('--before <run>', 'only releases that started before this one, for the next page')
    .option('--json', 'print JSON')
    .action(async (options: ListOptions) => {
      if (options.project !== undefined) requireProject(await loadProjects(), options.project)
      await withRegistry(async ({ registry }) => {
        if (options.needsAttention) {
          const needs = await attentionWithClosedRuns(registry, {
            now: Date.now(),
            project: options.project,
            withClient,
            onUnavailable: (error) => progress(`what Temporal knows is not shown: ${errorText(error)}`),
          })
          needs.push(...(await refusedNotices(registry, options.project)))
          show(options, needs, attentionText)
          return
        }
        const runs: ListedRun[] = await registry.runs.list(options.project, options)
        // Started and not taken by a worker yet: newest of all. Without Temporal nothing can have been started.
        if (options.before === undefined) runs.push(...(await unrecordedNow(registry, options.project)))
        const page = options.limit === undefined ? runs : runs.slice(-options.limit)
        show(options, page, listText)
      })
    })
  release
    .command('show <id>')
    .description(
      'show what became of it, the gates with their numbers, the looks of the judge and the operator actions',
    )
    .option('--all', 'all looks of the judge; otherwise those that say most')
    .option('--json', 'print JSON')
    .action(async (id: string, options: { all?: boolean; json?: boolean }) => {
      await withRegistry(async (handle) => {
        const run = await handle.registry.runs.get(id).catch(async (error: unknown) => {
          if (!(error instanceof UnknownRun)) throw error
          const unrecorded = await withClient((client) => unrecordedRelease(client, id)).catch(() => undefined)
          if (unrecorded === undefined) throw error
          return unrecorded
        })
        show(options, run, (shown) => showText(shown, options.all === true))
      })
    })
  registerWatchCommand(release)
  registerOperatorCommands(release)
}
