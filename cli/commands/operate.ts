import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import { SlipwayError } from '../../contracts/failure.js'
import { OPERATOR_ACTIONS, type OperatorActionName } from '../../contracts/names.js'
import { parseOrRefuse } from '../../contracts/parse.js'
import { operatorAction } from '../../contracts/schemas/index.js'
import type { OperatorAction } from '../../contracts/types.js'
import type { Registry, ReleaseRunRecord } from '../../registry/index.js'
import { concludeClosed } from '../../releases/conclude-terminated.js'
import { recordOperatorAction } from '../../releases/record-operator-action.js'
import { closedText, runStatus } from '../../releases/run-status.js'
import { sendOperatorAction } from '../../releases/send-operator-action.js'
import { show } from '../runtime/output.js'
import { connectClient, findTemporal } from '../runtime/platform.js'
import { withRegistry } from '../runtime/with-registry.js'

const DOES: Record<OperatorActionName, string> = {
  promote: 'judge once more and promote unless that shows harm or a breach; never passes a failed gate',
  abort: 'end the release; wins over everything until production has moved',
  pause: 'no wider step and no promotion until resumed; rollback stays armed',
  resume: 'continue after a pause',
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
  const word = parseOrRefuse(
    operatorAction,
    { id: randomUUID(), action, by: options.by, reason: options.reason },
    action,
  )
  await withRegistry(async ({ registry }) => {
    const run = await registry.runs.get(id)
    if (run.verdict !== null) return refuse(registry, run, word, finished(run, action))
    const { workflowId } = run
    const { client, close } = await connectClient(await findTemporal())
    try {
      const status = await runStatus(client, workflowId)
      const answer =
        status === 'RUNNING'
          ? await sendOperatorAction(client, workflowId, word)
          : await tellClosed(registry, id, word, closedText(workflowId, status))
      show(options, { workflowId, ...answer }, () => `${answer.accepted ? '' : 'refused: '}${answer.message}`)
      if (!answer.accepted) process.exitCode = 1
    } finally {
      await close()
    }
  })
}

/** Its workflow will not hear of anything any more: an abort concludes it, anything else is refused. */
async function tellClosed(registry: Registry, id: string, word: OperatorAction, closed: string) {
  // Read again: it may have ended by itself in between.
  const run = await registry.runs.get(id)
  if (run.verdict !== null) return refuse(registry, run, word, finished(run, word.action))
  if (word.action === 'abort') return concludeClosed(registry, run, word, { now: Date.now(), closed })
  return refuse(registry, run, word, `${closed} It has no verdict; conclude it with: slipway release abort ${id}`)
}

const finished = ({ workflowId, verdict, reason }: ReleaseRunRecord, action: string): string =>
  `${workflowId} is finished (${verdict}: ${reason}); ${action} changes nothing`

/** Recorded all the same: what somebody wanted and could not have belongs to the release. */
async function refuse(
  registry: Registry,
  run: ReleaseRunRecord,
  word: OperatorAction,
  message: string,
): Promise<never> {
  await recordOperatorAction(registry, run, word, { accepted: false, message })
  throw new SlipwayError('BadRequest', message)
}
