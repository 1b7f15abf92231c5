/**
 * Concludes a run that was terminated in Temporal. Its workflow runs no code any more, so its canary would stay open
 * and its lane taken. An operator's abort concludes it in the registry, as the workflow would have done.
 */
import { promotedBy, promotionKey, revertKey, terminatedCloseKey } from '../contracts/ledger/index.js'
import type { Identity } from '../contracts/ledger/operator-action.js'
import type { OperatorAnswer, ReceivedAction } from '../contracts/messages.js'
import type { AliasName } from '../contracts/names.js'
import type { Registry, ReleaseRunSummary } from '../registry/index.js'
import { recordOperatorAction, recordVerdict } from './record-operator-action.js'

/**
 * The caller has checked that the workflow is closed or unknown, and that the run has no verdict. A repeated call
 * continues where the first one stopped.
 * @throws SlipwayError AliasMoved if production moves at the same time; then the call may be repeated
 */
export async function concludeClosed(
  registry: Registry,
  run: ReleaseRunSummary,
  action: ReceivedAction,
  { closed, identity }: { closed: string; identity?: Identity | undefined },
): Promise<OperatorAnswer> {
  const { project, workflowId, releaseId } = run
  const known = identity && { identity }
  const common = { project, actor: action.by, workflowId, evidence: null, ...known }
  const newest = (alias: AliasName) => registry.aliases.newest(project, { most: 1, alias })
  const [[production], [canary], promotion] = await Promise.all([
    newest('production'),
    newest('canary'),
    registry.aliases.withKey(project, promotionKey(workflowId)),
  ])
  const done: string[] = []
  if (canary?.to && canary.workflowId === workflowId) {
    const close = {
      alias: 'canary',
      expected: canary.to,
      to: null,
      key: terminatedCloseKey(workflowId),
    } as const
    await registry.aliases.move({ ...common, ...close, reason: `aborted: terminated, ${action.reason}` })
    done.push('its canary is closed')
  }
  if (production && promotedBy(production) === workflowId && production.from !== null) {
    const back = { expected: production.to, to: production.from, key: revertKey(workflowId) }
    await registry.aliases.move({
      ...common,
      ...back,
      alias: 'production',
      reason: `revert:terminated, ${action.reason}`,
    })
    done.push(`production is ${production.from} again`)
  }
  const verdict = promotion ? 'reverted' : 'aborted'
  const detail = `${closed} Concluded by ${action.by}: ${action.reason}${done.map((what) => `; ${what}`).join('')}.`
  const answer = { accepted: true, message: `${verdict}: terminated. ${detail}` }
  await recordOperatorAction(registry, run, action, answer, identity)
  await recordVerdict(registry, run, { releaseId, verdict, reason: 'terminated', detail })
  return answer
}
