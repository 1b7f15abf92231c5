import { join } from 'node:path'
import type { Command } from 'commander'
import { SlipwayError } from '../../contracts/failure.js'
import { parseCutoff } from '../../contracts/instants.js'
import { tailWarning } from '../../judge/index.js'
import { loadProjects, requireProject } from '../../projects/load.js'
import { type InitData, initProject } from '../../releases/init-project.js'
import { show, table } from '../runtime/output.js'
import { home } from '../runtime/platform.js'
import { readableSource } from '../runtime/readable-source.js'
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
      show(options, projects, (shown) =>
        [
          table(
            ['project', 'what', 'loss', 'labels final after'],
            shown.map((item) => [item.name, item.title, item.lossUnit, item.labelHorizon]),
          ),
          ...shown.flatMap(({ name, warning }) => (warning ? [`${name}: ${warning}`] : [])),
        ].join('\n'),
      )
    })
  registerNewProjectCommand(project)
  registerFormatsCommand(project)
  project
    .command('init <project...>')
    .description('register each project’s baseline as its first production release')
    .option(
      '--snapshot <path>',
      'data file or folder, or what `slipway snapshot add` printed (default: the project’s own data)',
    )
    .option('--cutoff <date>', 'use only data known at this instant (default: the project’s cutoff)')
    .option('--by <who>', 'your name; recorded in the ledger', 'slipway init')
    .option('--json', 'print JSON')
    .action(init)
}

interface InitOptions {
  snapshot?: string
  cutoff?: string
  by: string
  json?: boolean
}

async function init(names: string[], options: InitOptions): Promise<void> {
  const projects = await loadProjects()
  // Everything is checked first, so that one wrong name changes nothing.
  const chosen = names.map((name) => requireProject(projects, name))
  const data = dataOf(options)
  if (chosen.length > 1 && Object.keys(data).length > 0)
    throw new SlipwayError('BadRequest', '--snapshot and --cutoff are for one project; set up each by itself')
  await withRegistry(async (handle) => {
    for (const project of chosen) {
      const done = await initProject({ ...handle, workFolder: join(home(), 'work') }, project, options.by, data)
      if (!done.created && Object.keys(data).length > 0)
        throw new SlipwayError(
          'BadRequest',
          `production of ${project.name} is already ${done.releaseId}, so the data were not read and nothing changed; a first release is made once. Learn from them with: slipway release start ${project.name}`,
        )
      show(options, done, () =>
        done.created
          ? `production of ${project.name} is now its baseline ${done.releaseId}`
          : `production of ${project.name} is already ${done.releaseId}; nothing changed`,
      )
    }
  })
}

const dataOf = ({ snapshot, cutoff }: InitOptions): InitData => ({
  ...(snapshot === undefined ? {} : { source: readableSource(snapshot) }),
  ...(cutoff === undefined ? {} : { cutoff: parseCutoff(cutoff, '--cutoff').getTime() }),
})
