import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import { SlipwayError } from '../../contracts/failure.js'
import { OPERATOR_ACTIONS, type OperatorActionName } from '../../contracts/names.js'
import { operatorAction } from '../../contracts/schemas/index.js'
import { parseOrRefuse } from '../check.js'
import { show } from '../output.js'
import { connectClient, findTemporal } from '../platform.js'
import { withRegistry } from '../with-registry.js'

const DOES: Record<OperatorActionName, string> = {
  promote: 'judge once more and promote unless that shows harm or a breach; never passes a failed gate',
  abort: 'end the release; wins over everything until production has moved',
  pause: 'no wider step and no promotion until resumed; rollback stays armed',
  resume: 'go on after a pause',
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
      .description(DOES[action])
      .requiredOption('--by <who>', 'your name: it is recorded')
      .requiredOption('--reason <why>', 'why: it is recorded')
      .option('--json', 'print JSON')
      .action((id: string, options: Options) => operate(action, id, options))
  }
}

async function operate(action: OperatorActionName, id: string, options: Options): Promise<void> {
  const parsed = parseOrRefuse(
    operatorAction,
    { id: randomUUID(), action, by: options.by, reason: options.reason },
    action,
  )
  const workflowId = await resolveRun(id, action)
  if (workflowId === undefined) return
  const { client, close } = await connectClient(await findTemporal())
  const { operateUpdate } = await import('../../contracts/messages.js')
  try {
    const answer = await client.workflow.getHandle(workflowId).executeUpdate(operateUpdate, { args: [parsed] })
    show(options, { workflowId, ...answer }, () => `${answer.accepted ? '' : 'refused: '}${answer.message}`)
    if (!answer.accepted) process.exitCode = 1
  } finally {
    await close()
  }
}

/** The workflow behind a release or workflow id; refuses what is unknown or finished before Temporal is asked. */
async function resolveRun(id: string, action: string): Promise<string | undefined> {
  let workflowId: string | undefined
  await withRegistry(async ({ registry }) => {
    const run = await registry.run(id)
    if (run.verdict !== null) {
      const ended = `${run.workflowId} is finished (${run.verdict}: ${run.reason})`
      throw new SlipwayError('BadRequest', `${ended}; ${action} changes nothing`)
    }
    workflowId = run.workflowId
  })
  return workflowId
}
