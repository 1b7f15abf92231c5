import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import { rollBack } from '../../activities/roll-back.js'
import { operatorAction } from '../../contracts/schemas/index.js'
import { loadProjects, requireProject } from '../../projects/load.js'
import { parseOrRefuse } from '../check.js'
import { show } from '../output.js'
import { type Told, tellProductionMoved } from '../tell-runs.js'
import { withRegistry } from '../with-registry.js'

interface Options {
  to?: string
  by: string
  reason: string
  json?: boolean
}

export function registerRollbackCommand(program: Command): void {
  program
    .command('rollback <project>')
    .description(
      'production becomes an earlier release again, complete; nothing is built, and releases in flight are told',
    )
    .option('--to <release>', 'which one; it must have been production (default: the one before)')
    .requiredOption('--by <who>', 'your name: it is recorded')
    .requiredOption('--reason <why>', 'why: it is recorded')
    .option('--json', 'print JSON')
    .action(rollback)
}

const words = operatorAction.omit({ action: true })

async function rollback(project: string, { to, by, reason, ...options }: Options): Promise<void> {
  const said = parseOrRefuse(words, { id: randomUUID(), by, reason }, 'rollback')
  await withRegistry(async ({ registry, artifacts }) => {
    // Only for its message: a project whose code does not load today is gone back from all the same.
    if ((await registry.aliases(project)).production === null) requireProject(await loadProjects(), project)
    const done = await rollBack({ registry, artifacts }, { project, ...said, ...(to === undefined ? {} : { to }) })
    // Moved first: whether anybody can be told must not keep production where it is.
    const runs = await tellProductionMoved(done.concerned)
    show(options, { project, from: done.from, to: done.to, runs }, () =>
      [`production of ${project} is ${done.to} again, it was ${done.from}`, ...runs.map(toldText)].join('\n'),
    )
  })
}

const toldText = ({ workflowId, told, why }: Told): string =>
  told ? `told ${workflowId}` : `could not tell ${workflowId}; it finds out at its next look (${why})`
