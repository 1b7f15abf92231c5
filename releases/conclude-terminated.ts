/**
 * A run that was terminated in Temporal runs no code of its own any more: its canary would stay open and its lane taken for ever. An
 * operator's abort concludes it in the registry, as the workflow would have.
 */
import { promotedBy, revertKey, terminatedCloseKey } from '../contracts/ledger/index.js'
import type { OperatorAnswer, ReceivedAction } from '../contracts/messages.js'
import type { Registry, ReleaseRunSummary } from '../registry/index.js'
import { recordOperatorAction, recordVerdict } from './record-operator-action.js'

/**
 * The caller has made sure that its workflow is closed or gone, and that it has no verdict. Repeated, it goes on where it stopped.
 * @param now wall time in epoch ms
 * @throws SlipwayError AliasMoved when production moves at the same time; say it again then
 */
export async function concludeClosed(
  registry: Registry,
  run: ReleaseRunSummary,
  word: ReceivedAction,
  { now, closed }: { now: number; closed: string },
): Promise<OperatorAnswer> {
  const { project, workflowId, releaseId } = run
  const common = { project, actor: word.by, workflowId, evidence: null }
  const moves = await registry.aliases.history(project)
  const production = moves.findLast(({ alias }) => alias === 'production')
  const canary = moves.findLast(({ alias }) => alias === 'canary')
  const promoted = moves.some((move) => promotedBy(move) === workflowId)
  const done: string[] = []
  if (canary?.to && canary.workflowId === workflowId) {
    const close = {
      alias: 'canary',
      expected: canary.to,
      to: null,
      key: terminatedCloseKey(workflowId),
    } as const
    await registry.aliases.move({ ...common, ...close, reason: `aborted: terminated, ${word.reason}` })
    done.push('its canary is closed')
  }
  if (production && promotedBy(production) === workflowId && production.from !== null) {
    const back = { expected: production.to, to: production.from, key: revertKey(workflowId) }
    await registry.aliases.move({
      ...common,
      ...back,
      alias: 'production',
      reason: `revert:terminated, ${word.reason}`,
    })
    done.push(`production is ${production.from} again`)
  }
  const verdict = promoted ? 'reverted' : 'aborted'
  const detail = `${closed} Concluded by ${word.by}: ${word.reason}${done.map((what) => `; ${what}`).join('')}.`
  const answer = { accepted: true, message: `${verdict}: terminated. ${detail}` }
  await recordOperatorAction(registry, run, word, answer)
  await recordVerdict(registry, run, { releaseId, verdict, reason: 'terminated', detail }, now)
  return answer
}
