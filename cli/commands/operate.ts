import type { Command } from 'commander'
import { SlipwayError } from '../../contracts/failure.js'
import { OPERATOR_ACTIONS, type OperatorActionName, triggerOf } from '../../contracts/names.js'
import { approvalOf, type OperateAnswer, operate, operatorActionOf } from '../../releases/operate.js'
import { callServer } from '../runtime/call-server.js'
import { show } from '../runtime/output.js'
import { nameOption, requireName, serverOf, serverOption } from '../runtime/server-option.js'
import { withClient } from '../runtime/with-client.js'
import { withRegistry } from '../runtime/with-registry.js'

type ActionName = OperatorActionName | 'approve'

const DESCRIPTIONS: Record<ActionName, string> = {
  promote: 'judge once more, and promote unless that shows harm or a breach; never passes a failed gate',
  abort: 'end the release; has priority over every other action until production has moved',
  pause: 'stop widening and promotion until resumed; automatic rollback stays armed',
  resume: 'continue a paused release',
  extend: 'move the deadline once more, as far as the policy allows',
  approve: 'promote a release that awaits approval; refused for any other',
}

interface Options {
  by?: string
  reason: string
  server?: string
  json?: boolean
}

type Answer = Pick<OperateAnswer, 'workflowId' | 'accepted' | 'message' | 'answeredBy'>

export function registerOperatorCommands(release: Command): void {
  for (const action of [...OPERATOR_ACTIONS, 'approve'] as const) {
    release
      .command(`${action} <id>`)
      .description(DESCRIPTIONS[action])
      .addOption(nameOption())
      .requiredOption('--reason <why>', 'why; recorded in the ledger')
      .addOption(serverOption())
      .option('--json', 'print JSON')
      .action((id: string, options: Options) => operateRelease(action, id, options))
  }
}

async function operateRelease(name: ActionName, id: string, options: Options): Promise<void> {
  const server = serverOf(options)
  if (server !== undefined) return showAnswer(options, await operateByServer(server, name, id, options))
  const note = { by: requireName(options), reason: options.reason }
  const action = name === 'approve' ? approvalOf(note) : operatorActionOf(name, note)
  await withRegistry(async ({ registry }) => {
    showAnswer(options, await operate({ registry, withClient }, id, action))
  })
}

async function operateByServer(
  server: string,
  action: ActionName,
  id: string,
  { by, reason }: Options,
): Promise<Answer> {
  const run = triggerOf(id)
  // A run that no worker has recorded yet is known by its trigger only.
  const path = run ? ['projects', run.project, 'releases', run.trigger] : ['releases', id]
  return await callServer<Answer>(server, ['v1', ...path, 'actions'], { action, by, reason })
}

function showAnswer(options: Options, { workflowId, accepted, message, answeredBy }: Answer): void {
  if (!accepted && answeredBy === 'registry') throw new SlipwayError('BadRequest', message)
  show(options, { workflowId, accepted, message }, (shown) => `${accepted ? '' : 'refused: '}${shown.message}`)
  if (!accepted) process.exitCode = 1
}
