import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import { parseOrRefuse } from '../../contracts/parse.js'
import { operatorAction } from '../../contracts/schemas/index.js'
import { loadProjects, requireProject } from '../../projects/load.js'
import { rollBack } from '../../releases/roll-back.js'
import { type Signalled, signalProductionMoved } from '../../releases/signal-production-moved.js'
import { show } from '../runtime/output.js'
import { withClient } from '../runtime/with-client.js'
import { withRegistry } from '../runtime/with-registry.js'

interface Options {
  to?: string
  by: string
  reason: string
  json?: boolean
}

export function registerRollbackCommand(program: Command): void {
  program
    .command('rollback <project>')
    .description('make an earlier release production again; nothing is built, and open release runs are notified')
    .option('--to <release>', 'release id; it must have been production before (default: the previous production)')
    .requiredOption('--by <who>', 'your name; recorded in the ledger')
    .requiredOption('--reason <why>', 'why; recorded in the ledger')
    .option('--json', 'print JSON')
    .action(rollback)
}

const operatorNote = operatorAction.omit({ action: true })

async function rollback(project: string, { to, by, reason, ...options }: Options): Promise<void> {
  const note = parseOrRefuse(operatorNote, { id: randomUUID(), by, reason }, 'rollback')
  await withRegistry(async ({ registry, artifacts }) => {
    // Only for a better message: a project whose code does not load can still be rolled back.
    if ((await registry.aliases.current(project)).production === null) requireProject(await loadProjects(), project)
    const done = await rollBack({ registry, artifacts }, { project, ...note, ...(to === undefined ? {} : { to }) })
    // After the move, so that a failure to signal cannot prevent the rollback.
    const runs = await signalProductionMoved(done.concerned, withClient)
    // `told` is the JSON field's name since the first build.
    const answered = runs.map(({ workflowId, signalled, why }) => ({ workflowId, told: signalled, why }))
    show(options, { project, from: done.from, to: done.to, runs: answered }, () =>
      [`production of ${project} is ${done.to} again; it was ${done.from}`, ...runs.map(signalText)].join('\n'),
    )
  })
}

const signalText = ({ workflowId, signalled, why }: Signalled): string =>
  signalled ? `signalled ${workflowId}` : `could not signal ${workflowId}; it notices at its next look (${why})`
