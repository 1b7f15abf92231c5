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
    .description('write a working project to start from')
    .option('--in <folder>', 'where its folder is made (default: among Slipway’s own projects)')
    .option('--json', 'print JSON')
    .action(async (name: string, options: { in?: string; json?: boolean }) => {
      parseOrRefuse(projectName, name, `project name "${name}"`)
      if ((await loadProjects()).has(name)) {
        throw new SlipwayError('BadRequest', `there is a project "${name}" already; choose another name`)
      }
      const made = await writeProject(name, options.in)
      show(options, { project: name, ...made }, () =>
        [
          `wrote ${made.folder}: ${made.files.join(', ')}`,
          made.found
            ? `It is among the projects now: slipway demo and slipway up run it.`
            : `Name it where it is used: slipway --projects ${made.folder} demo, or SLIPWAY_PROJECTS=${made.folder} in the environment.`,
        ].join('\n'),
      )
    })
}
