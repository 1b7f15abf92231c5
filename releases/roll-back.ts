/** Restores an earlier production, complete, without building anything: one alias moved by compare-and-set. */
import { SlipwayError } from '../contracts/failure.js'
import { promotedBy, rollbackKey } from '../contracts/ledger/index.js'
import { type ArtifactStore, earlierProduction, type Registry } from '../registry/index.js'
import { recordOperatorAction } from './record-operator-action.js'

export interface RollbackRequest {
  readonly project: string
  /** The production before the one there is when absent. */
  readonly to?: string
  readonly by: string
  readonly reason: string
  /** Makes it idempotent. */
  readonly id: string
}

export interface RolledBack {
  readonly project: string
  readonly from: string
  readonly to: string
  /** Runs with a candidate and without a verdict: each was told in the chain, and is to be told in Temporal. */
  readonly concerned: readonly string[]
}

interface Needs {
  readonly registry: Registry
  readonly artifacts: Pick<ArtifactStore, 'verify'>
}

/**
 * @throws SlipwayError BadRequest when there is nothing to go back to, ArtifactMismatch when the tuple's model is not there whole,
 *   AliasMoved when somebody else was faster; then nothing was moved
 */
export async function rollBack({ registry, artifacts }: Needs, request: RollbackRequest): Promise<RolledBack> {
  const { project, by, reason, id } = request
  const moves = (await registry.aliases.history(project)).filter(({ alias }) => alias === 'production')
  const newest = moves.at(-1)
  const from = newest?.to ?? null
  if (!newest || from === null) {
    const message = `project ${project} has no production to go back from`
    throw new SlipwayError('BadRequest', `${message}; run: slipway project init ${project}`)
  }
  const to = request.to === undefined ? before(project, from, moves) : named(project, from, request.to, moves)
  const { manifest } = await registry.releases.get(to)
  await artifacts.verify(manifest.model.artifact)

  const open = (await registry.runs.list(project)).filter(
    ({ verdict, releaseId }) => verdict === null && releaseId !== null,
  )
  const inProbation = open.find(({ workflowId }) => workflowId === promotedBy(newest))?.workflowId ?? null
  const key = rollbackKey(id)
  const move = { project, actor: by, reason, workflowId: inProbation, evidence: null, key }
  await registry.aliases.move({ ...move, alias: 'production', expected: from, to })
  for (const { workflowId } of open) {
    const then = workflowId === inProbation ? 'its candidate is production no more' : 'it is judged again against that'
    const message = `production moved from ${from} to ${to}; ${then}`
    const word = { id, action: 'rollback', by, reason }
    await recordOperatorAction(registry, { project, workflowId }, word, { accepted: true, message })
  }
  return { project, from, to, concerned: open.map(({ workflowId }) => workflowId) }
}

type Moves = Parameters<typeof earlierProduction>[0]

function before(project: string, from: string, moves: Moves): string {
  const [to] = earlierProduction(moves)
  if (to !== undefined) return to
  const message = `${from} is the first production of ${project} that was not gone back from: there is none before it`
  throw new SlipwayError('BadRequest', `${message}; name one with --to, see: slipway alias history ${project}`)
}

function named(project: string, from: string, to: string, moves: Moves): string {
  if (to === from) throw new SlipwayError('BadRequest', `--to ${to} is production of ${project} already; nothing moved`)
  if (moves.some((move) => move.to === to)) return to
  const message = `--to ${to} was never production of ${project}`
  throw new SlipwayError('BadRequest', `${message}; see: slipway alias history ${project}`)
}
