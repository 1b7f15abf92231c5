/** A candidate in the shadow of the toy's production, for tests of the decision service. */
import pg from 'pg'
import type { PromotionPolicy, ReleaseManifest } from '../../contracts/types.js'
import type { Output, Project, Scorer } from '../../projects/project.js'
import { project } from '../toy-project/index.js'
import { shadowPolicy } from '../toy-project/policy.js'
import { type Gateway, inputOf, moveAlias, until, type World } from './support.js'

export const SHADOWED = 'release/toy/shadowed'
const FEATURES = 'toy_in_shadow_v1'

/** Never warns, production always: every action differs. */
export async function openShadow(world: World, share = 10_000, more: Partial<PromotionPolicy> = {}): Promise<string> {
  const { registry, baseline } = world
  const { manifest } = await registry.releases.get(baseline)
  const actionPolicy = { ...manifest.actionPolicy, parameters: { ...manifest.actionPolicy.parameters, threshold: 2 } }
  const changed: ReleaseManifest = { ...manifest, featureVersion: FEATURES, actionPolicy }
  const workflowId = SHADOWED
  const { releaseId } = await registry.releases.register({ project: 'toy', manifest: changed, workflowId })
  const policy = { ...shadowPolicy, shadow: { share, lasts: '2d' }, ...more }
  const body = { ...inputOf(workflowId), policy }
  const common = { project: 'toy', subject: workflowId }
  await registry.ledger.append({ ...common, kind: 'trigger', key: `${workflowId}:trigger`, body })
  await moveAlias(registry, { alias: 'canary', expected: null, to: releaseId, workflowId, key: `${workflowId}:open` })
  const step = { phase: 'shadow', step: 0, weight: 0, fromDay: 0 } as const
  await registry.ledger.append({ ...common, kind: 'canary_step', key: `${workflowId}:shadow:step:0`, body: step })
  return releaseId
}

export const followsShadow = ({ service }: Gateway) =>
  until('the gateway is in the shadow', () => service.follower.state('toy').tuples?.record.run?.phase === 'shadow')

/** The toy project with another scorer for the candidate in the shadow. */
export const withCandidate = (score: Scorer['score'], more: Partial<Project> = {}): ReadonlyMap<string, Project> => {
  const toy = project as Project
  const load: Project['load'] = async (release) => (release.featureVersion === FEATURES ? { score } : toy.load(release))
  return new Map([['toy', { ...toy, ...more, load }]])
}

export interface ShadowRow {
  readonly id: string
  readonly release: string
  readonly workflow: string
  readonly action: string
  readonly output: Output
  readonly weight: number | null
  readonly loss: number | null
}

/** How many transactions have written the rows of the shadow. */
export async function shadowTransactions(world: Pick<World, 'databaseUrl'>): Promise<number> {
  const [found] = await query<{ count: number }>(
    world,
    "select count(distinct xmin::text)::int as count from decisions where arm = 'shadow'",
  )
  return found?.count ?? 0
}

export const shadowRows = (world: Pick<World, 'databaseUrl'>): Promise<ShadowRow[]> =>
  query<ShadowRow>(
    world,
    `
      select decision_id as id, release_id as release, d.workflow_id as workflow, action, output, weight,
        (select loss from outcomes o where o.decision_id = d.decision_id order by version desc limit 1) as loss
      from decisions d where arm = 'shadow' order by written_at`,
  )

async function query<Row extends object>({ databaseUrl }: Pick<World, 'databaseUrl'>, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    return (await client.query<Row>(text)).rows
  } finally {
    await client.end()
  }
}

/** Requests for the candidate of the shadow, by what became of them. */
export async function shadowCounts({ service }: Gateway): Promise<Record<string, number>> {
  const { values } = await service.metrics.shadow.get()
  return Object.fromEntries(values.map(({ labels, value }) => [String(labels.result), value]))
}
