import { join } from 'node:path'
import type { Command } from 'commander'
import { initProject } from '../../activities/init-project.js'
import { loadProjects, requireProject } from '../../projects/load.js'
import { show, table } from '../output.js'
import { home } from '../platform.js'
import { withRegistry } from '../with-registry.js'
import { registerNewProjectCommand } from './new-project.js'

export function registerProjectCommands(program: Command): void {
  const project = program.command('project').description('the projects there are')
  project
    .command('list')
    .option('--json', 'print JSON')
    .action(async (options: { json?: boolean }) => {
      const projects = [...(await loadProjects()).values()].map(({ name, title, lossUnit, policy }) => ({
        name,
        title,
        lossUnit,
        labelHorizon: policy.labelHorizon,
      }))
      show(options, projects, () =>
        table(
          ['project', 'what', 'loss', 'labels final after'],
          projects.map((item) => [item.name, item.title, item.lossUnit, item.labelHorizon]),
        ),
      )
    })
  registerNewProjectCommand(project)
  project
    .command('init <project>')
    .description('register the baseline as the first production release')
    .option('--by <who>', 'who does it', 'slipway init')
    .option('--json', 'print JSON')
    .action(async (name: string, options: { by: string; json?: boolean }) => {
      const chosen = requireProject(await loadProjects(), name)
      await withRegistry(async (handle) => {
        const done = await initProject({ ...handle, workFolder: join(home(), 'work') }, chosen, options.by)
        show(options, done, () =>
          done.created
            ? `production of ${name} is its baseline ${done.releaseId}`
            : `production of ${name} is ${done.releaseId} already; nothing changed`,
        )
      })
    })
}
