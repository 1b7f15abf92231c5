import type { Command } from 'commander'
import { SlipwayError } from '../../contracts/failure.js'
import { parseOrRefuse } from '../../contracts/parse.js'
import { projectName } from '../../contracts/schemas/common.js'
import { loadProjects } from '../../projects/load.js'
import { show } from '../runtime/output.js'
import { writeProject } from '../runtime/write-project.js'

export function registerNewProjectCommand(project: Command): void {
  project
    .command('new <name>')
    .description('create a working project to start from')
    .option('--in <folder>', 'parent folder of the new project (default: the folder of Slipway’s own projects)')
    .option('--json', 'print JSON')
    .action(async (name: string, options: { in?: string; json?: boolean }) => {
      parseOrRefuse(projectName, name, `project name "${name}"`)
      if ((await loadProjects()).has(name)) {
        throw new SlipwayError('BadRequest', `a project "${name}" already exists; choose another name`)
      }
      const made = await writeProject(name, options.in)
      show(options, { project: name, ...made }, () =>
        [
          `wrote ${made.folder}: ${made.files.join(', ')}`,
          made.found
            ? 'slipway demo and slipway up now include it.'
            : `To use it: slipway --projects ${made.folder} demo, or set SLIPWAY_PROJECTS=${made.folder} in the environment.`,
        ].join('\n'),
      )
    })
}
