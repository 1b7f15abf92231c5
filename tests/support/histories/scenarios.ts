/** One run of each kind whose history is recorded: every stage, every verdict, every operator action. */
import { rollbackKey } from '../../../contracts/ledger/index.js'
import { breachSignal, productionMovedSignal, supersedeSignal } from '../../../contracts/messages.js'
import type { PromotionPolicy } from '../../../contracts/types.js'
import { pairedShadowPolicy, shadowPolicy, toyPolicy } from '../../toy-project/policy.js'
import type { DevServer } from '../dev-server.js'
import { replacedProduction } from '../replace-production.js'
import { cancel, entriesOf, eventually, exposed, looksOf, operate, reaches, resultOf } from '../steer.js'
import { runIdOf, sendMany } from '../temporal-runs.js'

const DAY_MS = 400
const undecidable = { ...toyPolicy, judge: { ...toyPolicy.judge, minMature: 1_000_000 } }

const { shadow: _, ...judgedBy2 } = shadowPolicy

const approvable = { ...toyPolicy, promotionApproval: 'other_person' as const }

type Options = Omit<Parameters<DevServer['start']>[1], 'dayMs'>
/** @returns the runs whose histories are kept, by file name */
export type Scenario = (on: DevServer) => Promise<Record<string, string>>

const begin = (on: DevServer, trigger: string, options: Options = {}) =>
  on.start(trigger, { dayMs: DAY_MS, ...options })

async function ends(on: DevServer, id: string, as: string): Promise<void> {
  const { verdict, reason } = await resultOf(on, id)
  if (`${verdict} ${reason}`.startsWith(as)) return
  throw new Error(`${id} should end as "${as}", but ended as "${verdict} ${reason}"`)
}

/** A run without any operator action. */
const alone =
  (name: string, as: string, options: Options = {}): Scenario =>
  async (on) => {
    const id = await begin(on, name, options)
    await ends(on, id, as)
    return { [name]: id }
  }

/** Each candidate of judge 2 has data of its own: it may be judged once. */
const asOf = (day: number) => ({ cutoff: `2001-01-${day}T00:00:00.000Z` })

/** The same candidate twice, where the policy permits one try. */
const runsExhausted: Scenario = async (on) => {
  const judge = { ...judgedBy2.judge, minMature: 1_000_000 }
  const policy = { ...judgedBy2, judge, deadline: '2d', extendBy: '2d' }
  const first = await begin(on, 'held-by-judge-2', { policy, ...asOf(23) })
  await ends(on, first, 'held hold:deadline')
  const second = await begin(on, 'runs-exhausted', { policy, ...asOf(23) })
  await ends(on, second, 'held hold:runs_exhausted')
  return { 'held-by-judge-2': first, 'runs-exhausted': second }
}

/** A run on which `work` acts during its canary. */
const inCanary =
  (name: string, as: string, work: (on: DevServer, id: string) => Promise<unknown>, policy = undecidable): Scenario =>
  async (on) => {
    const id = await begin(on, name, { policy })
    await exposed(on, id)
    await work(on, id)
    await ends(on, id, as)
    return { [name]: id }
  }

/** A run that waits without end, recorded while it waits. */
const waiting =
  (name: string, work: (on: DevServer, id: string) => Promise<unknown>): Scenario =>
  async (on) => {
    const id = await begin(on, name, { policy: undecidable })
    await eventually(`${id} to look`, async () => (await looksOf(on, id)).length > 1)
    await work(on, id)
    return { [name]: id }
  }

/** A second candidate finds the lane taken; `free` ends the first one's canary. */
const second =
  (
    name: string,
    as: string,
    onCanaryBusy: PromotionPolicy['onCanaryBusy'],
    free: (on: DevServer, holder: string) => Promise<unknown>,
  ): Scenario =>
  async (on) => {
    const holder = await begin(on, `${name}-holder`, { policy: undecidable })
    await exposed(on, holder)
    const cutoff = '2001-01-21T00:00:00.000Z'
    const id = await begin(on, name, { cutoff, policy: { ...toyPolicy, onCanaryBusy } })
    await reaches(on, id, 'awaiting_canary', ({ waitingFor }) => waitingFor.startsWith('waiting for'))
    await free(on, holder)
    await ends(on, id, as)
    await resultOf(on, holder)
    return { [name]: id, [`${name}-holder`]: holder }
  }

const inProbation =
  (name: string, as: string, work: (on: DevServer, id: string) => Promise<unknown>): Scenario =>
  async (on) => {
    const id = await begin(on, name, { policy: { ...toyPolicy, probation: { holdback: 1_000, lasts: '1000d' } } })
    await reaches(on, id, 'probation')
    await work(on, id)
    await ends(on, id, as)
    return { [name]: id }
  }

/** Appends a breach at the end of the first exposed day of the probation. */
async function breach(on: DevServer, id: string): Promise<void> {
  const opened = await eventually('the probation to be exposed', async () =>
    (await entriesOf(on, id, 'canary_step')).find(({ body }) => body.phase === 'probation'),
  )
  const at = new Date(Number(opened.body.fromDay) + 86_400_000).toISOString()
  const body = { signal: 'latency', arm: 'production', value: 2, threshold: 1, power: 'rollback', at } as const
  await on.registry.ledger.append({ project: 'toy', kind: 'breach', subject: id, key: `${id}:breach`, body })
}

/** As `slipway rollback` does. */
async function rollBackByHand(on: DevServer, id: string): Promise<void> {
  const { production } = await on.registry.aliases.current('toy')
  const before = (await on.registry.aliases.history('toy')).find(({ key }) => key === `${id}:promote`)?.from ?? null
  const move = { project: 'toy', actor: 'ana', reason: 'storm', workflowId: id, evidence: null, key: rollbackKey(id) }
  await on.registry.aliases.move({ ...move, alias: 'production', expected: production, to: before })
  await on.client.workflow.getHandle(id).signal(productionMovedSignal)
}

const newer = { by: 'release/toy/newer', reason: 'superseded by a newer candidate' }

const waitingInProbation: Scenario = async (on) => {
  const name = 'waiting-in-probation'
  const id = await begin(on, name, { policy: { ...toyPolicy, probation: { holdback: 1_000, lasts: '1000d' } } })
  await eventually(`${id} to look`, async () => (await looksOf(on, id)).some(({ phase }) => phase === 'probation'))
  return { [name]: id }
}

/** Updates and signals at once: several actions wait to be recorded. */
async function operatedInBursts(on: DevServer, id: string): Promise<void> {
  const run = on.client.workflow.getHandle(id)
  await Promise.all([
    ...(['pause', 'extend', 'resume'] as const).map((action, at) => operate(on, id, action, { id: `update-${at}` })),
    ...['pause', 'resume', 'pause'].map((action, at) => run.signal(action, { id: `signal-${at}` })),
    operate(on, id, 'abort'),
  ])
}

/** Continues as another Temporal run, whose history is kept: that of the first has as many events as signals. */
async function continued(on: DevServer, id: string): Promise<void> {
  const first = await runIdOf(on, id)
  for (const action of ['pause', 'resume'] as const) await operate(on, id, action)
  await sendMany(on, id, 2_000, () => on.client.workflow.getHandle(id).signal(breachSignal, { power: 'rollback' }))
  await eventually('another run', async () => (await runIdOf(on, id)) !== first)
  await reaches(on, id, 'canary')
  await operate(on, id, 'extend')
  await operate(on, id, 'abort')
}

/** Releases whose shadow is judged. */
export const SHADOWS: readonly Scenario[] = [
  alone('held-for-harm-in-the-shadow', 'held hold:harm_in_shadow', {
    policy: { ...pairedShadowPolicy, shadow: { share: 10_000, lasts: '5d', paired: { onHarm: 'hold' } } },
    parameters: { feed: true },
    cutoff: '2001-01-31T00:00:00.000Z',
  }),
]

export const SCENARIOS: readonly Scenario[] = [
  alone('promoted', 'promoted non_inferior'),
  alone('promoted-after-a-shadow', 'promoted non_inferior', { policy: shadowPolicy, ...asOf(24) }),
  alone('promoted-by-judge-2', 'promoted non_inferior', { policy: judgedBy2, ...asOf(22) }),
  runsExhausted,
  alone('held-by-a-gate', 'held hold:cost_improves', { parameters: { useless: true } }),
  alone('held-for-bad-data', 'held hold:schema_valid', { source: 'no-such-place.csv' }),
  alone('held-undecided', 'held hold:deadline', { policy: { ...undecidable, deadline: '2d', extendBy: '2d' } }),
  alone('failed', 'failed trainer_failed', { parameters: { crash: true } }),
  alone('rolled-back', 'rolled_back harm', { parameters: { feed: true }, cutoff: '2001-01-31T00:00:00.000Z' }),
  inProbation('reverted-by-a-breach', 'reverted breach:latency', breach),
  inProbation('reverted-by-abort', 'reverted operator_abort', (on, id) => operate(on, id, 'abort')),
  inProbation('rolled-back-by-hand', 'reverted operator_rollback', rollBackByHand),
  inProbation('superseded-in-probation', 'promoted probation_superseded:', (on, id) =>
    on.client.workflow.getHandle(id).signal(supersedeSignal, newer),
  ),
  inCanary(
    'production-changed',
    'promoted non_inferior',
    async (on, id) => {
      await replacedProduction(on, id)
      await on.client.workflow.getHandle(id).signal(productionMovedSignal)
    },
    toyPolicy,
  ),
  inCanary(
    'approved',
    'promoted non_inferior',
    async (on, id) => {
      await reaches(on, id, 'canary', ({ awaitingApproval }) => awaitingApproval)
      await operate(on, id, 'promote', { by: 'bo' })
    },
    approvable,
  ),
  alone('approval-missing', 'held hold:approval_missing', {
    policy: { ...approvable, deadline: '4d', maxExtensions: 0 },
  }),
  inCanary('aborted', 'aborted operator_abort', (on, id) => operate(on, id, 'abort')),
  inCanary('cancelled', 'aborted cancelled', cancel),
  async (on) => {
    const id = await begin(on, 'aborted-in-training', { parameters: { epochs: 600, epochMs: 100 } })
    await reaches(on, id, 'training')
    await operate(on, id, 'abort')
    await ends(on, id, 'aborted operator_abort')
    return { 'aborted-in-training': id }
  },
  inCanary(
    'paused-resumed-extended',
    'promoted non_inferior',
    async (on, id) => {
      await operate(on, id, 'pause')
      await on.client.workflow.getHandle(id).signal('extend', { by: 'ana', reason: 'a holiday' })
      await on.client.workflow.getHandle(id).signal('resume', 'the storm is over')
    },
    toyPolicy,
  ),
  inCanary('continued', 'aborted operator_abort', continued),
  inCanary('operated-in-bursts', 'aborted operator_abort', operatedInBursts),
  inCanary('promoted-by-hand', 'promoted override:', async (on, id) => {
    await eventually(`${id} to look`, async () => (await looksOf(on, id)).length > 0)
    await operate(on, id, 'promote')
  }),
  second('queued', 'promoted non_inferior', 'queue', (on, holder) => operate(on, holder, 'abort')),
  second('queued-and-judged-again', 'held hold:cost_improves', 'queue', (on, holder) => operate(on, holder, 'promote')),
  second('superseding', 'promoted non_inferior', 'supersede', resultOf),
  waiting('waiting', async () => {}),
  waitingInProbation,
  waiting('waiting-paused', (on, id) => operate(on, id, 'pause')),
]
