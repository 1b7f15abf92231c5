/** Restores an earlier production release completely, without a build: one alias is moved by compare-and-set. */
import { SlipwayError } from '../contracts/failure.js'
import { promotedBy, rollbackKey } from '../contracts/ledger/index.js'
import type { Identity } from '../contracts/ledger/operator-action.js'
import {
  type AliasMoveRecord,
  type ArtifactStore,
  previousProduction,
  type Registry,
  type ReleaseRunSummary,
  wasProduction,
} from '../registry/index.js'
import { recordOperatorAction } from './record-operator-action.js'

export interface RollbackRequest {
  readonly project: string
  /** Release id. Absent: the production before the current one. */
  readonly to?: string
  readonly by: string
  readonly reason: string
  /** Makes the rollback idempotent. */
  readonly id: string
  /** How the name is known; absent where no name can be proven. */
  readonly identity?: Identity | undefined
}

export interface RolledBack {
  readonly project: string
  readonly from: string
  readonly to: string
  /**
   * Open runs that have a candidate. The rollback is recorded for each of them; the caller signals them in Temporal.
   */
  readonly concerned: readonly string[]
}

interface Needs {
  readonly registry: Registry
  readonly artifacts: Pick<ArtifactStore, 'verify'>
}

/**
 * @throws SlipwayError BadRequest if there is no release to roll back to, ArtifactMismatch if the model of that release
 * is missing   or damaged, AliasMoved if production was moved at the same time; in each case nothing was moved
 */
export async function rollBack({ registry, artifacts }: Needs, request: RollbackRequest): Promise<RolledBack> {
  const { project, by, reason, id } = request
  const { aliases } = registry
  const made = await aliases.withKey(project, rollbackKey(id))
  if (made) return await madeBefore(registry, request, made)
  const [newest] = await aliases.newest(project, { most: 1, alias: 'production' })
  const from = newest?.to ?? null
  if (!newest || from === null) {
    const message = `project ${project} has no production to roll back`
    throw new SlipwayError('BadRequest', `${message}; run: slipway project init ${project}`)
  }
  const to = await (request.to === undefined
    ? before(aliases, project, from)
    : named(aliases, project, from, request.to))
  const { manifest } = await registry.releases.get(to)
  await artifacts.verify(manifest.model.artifact)

  const open = (await registry.runs.list(project, { open: true })).filter(({ releaseId }) => releaseId !== null)
  const inProbation = open.find(({ workflowId }) => workflowId === promotedBy(newest))?.workflowId ?? null
  const key = rollbackKey(id)
  const { identity } = request
  const known = identity && { identity }
  const move = { project, actor: by, reason, workflowId: inProbation, evidence: null, key, ...known }
  try {
    await aliases.move({ ...move, alias: 'production', expected: from, to })
  } catch (error) {
    // The same request, sent twice at the same time: the other one moved it.
    const other = await aliases.withKey(project, rollbackKey(id))
    if (other) return await madeBefore(registry, request, other)
    throw error
  }
  return await recordForRuns(registry, request, { from, to, workflowId: inProbation }, open)
}

/**
 * The same request again, with the id of one that was made: nothing moves; what it had not recorded yet is recorded.
 */
async function madeBefore(registry: Registry, request: RollbackRequest, made: AliasMoveRecord): Promise<RolledBack> {
  const { project, to: asked } = request
  const { from, to, at, workflowId } = made
  if (from === null || to === null || (asked !== undefined && asked !== to))
    throw new SlipwayError(
      'AliasMoved',
      `the rollback with this id moved production of ${project} from ${from} to ${to}; another one needs another id`,
    )
  const open = await registry.runs.list(project, { open: true })
  const then = open.filter(({ releaseId, startedAt }) => releaseId !== null && startedAt <= at)
  const first = { ...request, by: made.actor, reason: made.reason, identity: made.identity }
  return await recordForRuns(registry, first, { from, to, workflowId }, then)
}

interface Moved {
  readonly from: string
  readonly to: string
  /** The run in probation whose candidate was production. */
  readonly workflowId: string | null
}

async function recordForRuns(
  registry: Registry,
  { project, id, by, reason, identity }: RollbackRequest,
  { from, to, workflowId: inProbation }: Moved,
  open: readonly ReleaseRunSummary[],
): Promise<RolledBack> {
  for (const { workflowId } of open) {
    const effect =
      workflowId === inProbation
        ? 'its candidate is no longer production'
        : 'it is judged again against the new production'
    const message = `production moved from ${from} to ${to}; ${effect}`
    const rollback = { id, action: 'rollback', by, reason }
    await recordOperatorAction(registry, { project, workflowId }, rollback, { accepted: true, message }, identity)
  }
  return { project, from, to, concerned: open.map(({ workflowId }) => workflowId) }
}

type Aliases = Registry['aliases']

async function before(aliases: Aliases, project: string, from: string): Promise<string> {
  const to = await previousProduction(aliases, project)
  if (to !== undefined) return to
  const message = `there is no earlier production release of ${project} to roll back to from ${from}`
  throw new SlipwayError('BadRequest', `${message}; name a release with --to, see: slipway alias history ${project}`)
}

async function named(aliases: Aliases, project: string, from: string, to: string): Promise<string> {
  if (to === from)
    throw new SlipwayError('BadRequest', `--to ${to} is already production of ${project}; nothing was moved`)
  if (await wasProduction(aliases, project, to)) return to
  const message = `--to ${to} was never production of ${project}`
  throw new SlipwayError('BadRequest', `${message}; see: slipway alias history ${project}`)
}
