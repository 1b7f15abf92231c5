import type { Command } from 'commander'
import { loadProjects, requireProject } from '../../projects/load.js'
import { rollBackAndSignal, rollbackRequestOf } from '../../releases/roll-back-and-signal.js'
import type { Signalled } from '../../releases/signal-production-moved.js'
import { callServer } from '../runtime/call-server.js'
import { show } from '../runtime/output.js'
import { nameOption, requireName, serverOf, serverOption } from '../runtime/server-option.js'
import { withClient } from '../runtime/with-client.js'
import { withRegistry } from '../runtime/with-registry.js'

interface Options {
  to?: string
  by?: string
  reason: string
  server?: string
  json?: boolean
}

export function registerRollbackCommand(program: Command): void {
  program
    .command('rollback <project>')
    .description('make an earlier release production again; nothing is built, and open release runs are notified')
    .option('--to <release>', 'release id; it must have been production before (default: the previous production)')
    .addOption(nameOption())
    .requiredOption('--reason <why>', 'why; recorded in the ledger')
    .addOption(serverOption())
    .option('--json', 'print JSON')
    .action(rollback)
}

async function rollback(project: string, options: Options): Promise<void> {
  const server = serverOf(options)
  if (server !== undefined) {
    const { by, reason, to } = options
    const path = ['v1', 'projects', project, 'rollback']
    showRollback(options, await callServer<RolledBack>(server, path, { by, reason, to }))
    return
  }
  const request = rollbackRequestOf(project, { ...options, by: requireName(options) })
  await withRegistry(async ({ registry, artifacts }) => {
    // Only for a better message: a project whose code does not load can still be rolled back.
    if ((await registry.aliases.current(project)).production === null) requireProject(await loadProjects(), project)
    const { from, to, runs } = await rollBackAndSignal({ registry, artifacts, withClient }, request)
    showRollback(options, { project, from, to, runs })
  })
}

interface RolledBack {
  readonly project: string
  readonly from: string
  readonly to: string
  readonly runs: readonly Signalled[]
}

function showRollback(options: Options, { project, from, to, runs }: RolledBack): void {
  // `told` is the JSON field's name since the first build.
  const answered = runs.map(({ workflowId, signalled, why }) => ({ workflowId, told: signalled, why }))
  show(options, { project, from, to, runs: answered }, () =>
    [`production of ${project} is ${to} again; it was ${from}`, ...runs.map(signalText)].join('\n'),
  )
}

const signalText = ({ workflowId, signalled, why }: Signalled): string =>
  signalled
    ? `signalled ${workflowId}`
    : `could not signal ${workflowId}; it notices the move at its next look (${why})`
