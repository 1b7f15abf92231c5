import type { Command } from 'commander'
import { parseTime } from '../../contracts/instants.js'
import { loadProjects, requireProject } from '../../projects/load.js'
import { show, table } from '../runtime/output.js'
import { minuteOf, zoneName } from '../runtime/wall-time.js'
import { withRegistry } from '../runtime/with-registry.js'

interface Options {
  json?: boolean
}

export function registerAliasCommands(program: Command): void {
  const alias = program.command('alias').description('what production and canary point at, and every move')
  alias
    .command('list')
    .description('show the aliases of every project')
    .option('--json', 'print JSON')
    .action((options: Options) =>
      withRegistry(async ({ registry }) => {
        const names = [...(await loadProjects()).keys()]
        const rows = await Promise.all(
          names.map(async (project) => ({ project, ...(await registry.aliases.current(project)) })),
        )
        show(options, rows, (shown) =>
          table(
            ['project', 'production', 'canary'],
            shown.map((row) => [row.project, row.production ?? '–', row.canary ?? '–']),
          ),
        )
      }),
    )
  alias
    .command('history <project>')
    .description('show every move of the aliases, oldest first')
    .option('--json', 'print JSON')
    .action(async (project: string, options: Options) => {
      requireProject(await loadProjects(), project)
      await withRegistry(async ({ registry }) => {
        const moves = await registry.aliases.history(project)
        show(options, moves, (shown) =>
          table(
            [`at (${zoneName()})`, 'alias', 'from', 'to', 'by', 'reason'],
            shown.map((move) => [
              minuteOf(move.at),
              move.alias,
              move.from ?? '–',
              move.to ?? '–',
              move.actor,
              move.reason,
            ]),
          ),
        )
      })
    })
  alias
    .command('at <project> <time>')
    .description('show what the aliases pointed at, at a given time')
    .option('--json', 'print JSON')
    .action(async (project: string, time: string, options: Options) => {
      requireProject(await loadProjects(), project)
      const at = parseTime(time, 'time').toISOString()
      await withRegistry(async ({ registry }) => {
        const [production, canary] = await Promise.all([
          registry.aliases.at(project, 'production', at),
          registry.aliases.at(project, 'canary', at),
        ])
        show(options, { project, at, production, canary }, () =>
          [`as of ${at}`, `production  ${production ?? '–'}`, `canary      ${canary ?? '–'}`].join('\n'),
        )
      })
    })
}
