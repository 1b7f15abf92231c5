import type { Command } from 'commander'
import { errorText } from '../../contracts/error-text.js'
import { loadProjects, requireProject } from '../../projects/load.js'
import type { Registry } from '../../registry/index.js'
import { type Attention, needsAttention } from '../../releases/attention.js'
import { closedRuns } from '../../releases/closed-runs.js'
import { progress, show } from '../runtime/output.js'
import { withClient } from '../runtime/with-client.js'
import { withRegistry } from '../runtime/with-registry.js'
import { attentionText, listText, showText } from '../views/release-view.js'
import { registerOperatorCommands } from './operate.js'
import { registerStartCommand } from './start.js'
import { registerWatchCommand } from './watch.js'

export function registerReleaseCommands(program: Command): void {
  const release = program.command('release').description('start, watch and steer releases')
  registerStartCommand(release)
  release
    .command('list')
    .description('all releases, newest last')
    .option('--project <project>')
    .option('--needs-attention', 'only those that wait for a person, or longer than expected')
    .option('--json', 'print JSON')
    .action(async (options: { project?: string; needsAttention?: boolean; json?: boolean }) => {
      if (options.project !== undefined) requireProject(await loadProjects(), options.project)
      await withRegistry(async ({ registry }) => {
        if (options.needsAttention) {
          const needs = await attention(registry, options.project)
          show(options, needs, () => attentionText(needs))
          return
        }
        const runs = await registry.runs.list(options.project)
        show(options, runs, () => listText(runs))
      })
    })
  release
    .command('show <id>')
    .description('gates with numbers, looks of the judge, operator actions')
    .option('--json', 'print JSON')
    .action(async (id: string, options: { json?: boolean }) => {
      await withRegistry(async (handle) => {
        const run = await handle.registry.runs.get(id)
        show(options, run, () => showText(run))
      })
    })
  registerWatchCommand(release)
  registerOperatorCommands(release)
}

/** What the registry knows, and what only Temporal does, where it can be asked. */
async function attention(registry: Registry, project: string | undefined): Promise<Attention[]> {
  const [needs, lost] = await Promise.all([
    needsAttention(registry, Date.now(), project),
    runsClosedInTemporal(registry, project),
  ])
  const isLost = new Set(lost.map(({ workflowId }) => workflowId))
  return [...needs.filter(({ workflowId }) => !isLost.has(workflowId)), ...lost]
}

/** None where Temporal cannot be asked: a message says so, and the command does not fail. */
async function runsClosedInTemporal(registry: Registry, project: string | undefined): Promise<Attention[]> {
  try {
    return await closedRuns(registry, project, withClient)
  } catch (error) {
    progress(`runs that were terminated are not shown: ${errorText(error)}`)
    return []
  }
}
