import { join } from 'node:path'
import type { Command } from 'commander'
import { tailWarning } from '../../judge/index.js'
import { loadProjects, requireProject } from '../../projects/load.js'
import { initProject } from '../../releases/init-project.js'
import { show, table } from '../runtime/output.js'
import { home } from '../runtime/platform.js'
import { withRegistry } from '../runtime/with-registry.js'
import { registerNewProjectCommand } from './new-project.js'
import { registerFormatsCommand } from './project-formats.js'

export function registerProjectCommands(program: Command): void {
  const project = program.command('project').description('list, create and set up projects')
  project
    .command('list')
    .description('list the projects')
    .option('--json', 'print JSON')
    .action(async (options: { json?: boolean }) => {
      const projects = [...(await loadProjects()).values()].map(({ name, title, lossUnit, policy }) => ({
        name,
        title,
        lossUnit,
        labelHorizon: policy.labelHorizon,
        warning: tailWarning(policy),
      }))
      show(options, projects, () =>
        [
          table(
            ['project', 'what', 'loss', 'labels final after'],
            projects.map((item) => [item.name, item.title, item.lossUnit, item.labelHorizon]),
          ),
          ...projects.flatMap(({ name, warning }) => (warning ? [`${name}: ${warning}`] : [])),
        ].join('\n'),
      )
    })
  registerNewProjectCommand(project)
  registerFormatsCommand(project)
  project
    .command('init <project...>')
    .description('register each project’s baseline as its first production release')
    .option('--by <who>', 'your name; recorded in the ledger', 'slipway init')
    .option('--json', 'print JSON')
    .action(async (names: string[], options: { by: string; json?: boolean }) => {
      const projects = await loadProjects()
      // All names are checked first, so that one wrong name changes nothing.
      const chosen = names.map((name) => requireProject(projects, name))
      await withRegistry(async (handle) => {
        for (const project of chosen) {
          const done = await initProject({ ...handle, workFolder: join(home(), 'work') }, project, options.by)
          show(options, done, () =>
            done.created
              ? `production of ${project.name} is now its baseline ${done.releaseId}`
              : `production of ${project.name} is already ${done.releaseId}; nothing changed`,
          )
        }
      })
    })
}
