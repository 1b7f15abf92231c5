import type { Command } from 'commander'
import { SlipwayError } from '../../contracts/failure.js'
import { OPERATOR_ACTIONS, type OperatorActionName } from '../../contracts/names.js'
import { operate, operatorActionOf } from '../../releases/operate.js'
import { show } from '../runtime/output.js'
import { withClient } from '../runtime/with-client.js'
import { withRegistry } from '../runtime/with-registry.js'

const DESCRIPTIONS: Record<OperatorActionName, string> = {
  promote: 'judge once more, and promote unless that shows harm or a breach; never passes a failed gate',
  abort: 'end the release; has priority over every other action until production has moved',
  pause: 'stop widening and promotion until resumed; automatic rollback stays armed',
  resume: 'continue a paused release',
  extend: 'move the deadline once more, as far as the policy allows',
}

interface Options {
  by: string
  reason: string
  json?: boolean
}

export function registerOperatorCommands(release: Command): void {
  for (const action of OPERATOR_ACTIONS) {
    release
      .command(`${action} <id>`)
      .description(DESCRIPTIONS[action])
      .requiredOption('--by <who>', 'your name; recorded in the ledger')
      .requiredOption('--reason <why>', 'why; recorded in the ledger')
      .option('--json', 'print JSON')
      .action((id: string, options: Options) => operateRelease(action, id, options))
  }
}

async function operateRelease(name: OperatorActionName, id: string, options: Options): Promise<void> {
  const action = operatorActionOf(name, options)
  await withRegistry(async ({ registry }) => {
    const needs = { registry, withClient }
    const { workflowId, accepted, message, answeredBy } = await operate(needs, id, action)
    if (!accepted && answeredBy === 'registry') throw new SlipwayError('BadRequest', message)
    show(options, { workflowId, accepted, message }, (shown) => `${accepted ? '' : 'refused: '}${shown.message}`)
    if (!accepted) process.exitCode = 1
  })
}
