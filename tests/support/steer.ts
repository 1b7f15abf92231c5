/** Operates and observes a release, on the dev server and on the time-skipping server. */
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Client } from '@temporalio/client'
import { DAY_MS } from '../../contracts/duration.js'
import { type EntryKind, type LedgerEntry, type RecordedLook, runOf } from '../../contracts/ledger/index.js'
import { type OperatorAnswer, operateUpdate, type ReleaseState, stateQuery } from '../../contracts/messages.js'
import { type OperatorActionName, SEARCH_ATTRIBUTES, type Stage } from '../../contracts/names.js'
import type { Registry } from '../../registry/index.js'
import type { ReleaseResult } from '../../workflows/release-run.js'

export interface Steered {
  readonly client: Client
  readonly registry: Registry
}

/** Far above any real duration, so only what never happens is given up. */
const GIVE_UP_MS = 200_000
/** Less than the time limit of a test, whose error would not say what the run waits for. */
const RESULT_WITHIN_MS = 280_000

/** Polls until `look` returns something. @throws Error naming `what` after the time limit */
export async function eventually<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> {
  for (const deadline = Date.now() + GIVE_UP_MS; Date.now() < deadline; await pause(25)) {
    const found = await look()
    if (found !== undefined && found !== false) return found
  }
  throw new Error(`waited ${GIVE_UP_MS / 1000} s for: ${what}`)
}

/**
 * The same on the time-skipping server. Skips half a day before each look, since a worker's clock may lag by one tick.
 */
export const eventuallyAfterDays = <T>(
  { env }: { readonly env: { sleep(ms: number): Promise<void> } },
  what: string,
  look: () => Promise<T | undefined | false>,
): Promise<T> =>
  eventually(what, async () => {
    await env.sleep(DAY_MS / 2)
    return look()
  })

export const stateOf = ({ client }: Steered, id: string): Promise<ReleaseState> =>
  client.workflow.getHandle(id).query(stateQuery)

/** What the Web UI shows of a run: where it stands, and what an operator can do now. */
export async function detailsOf({ client }: Steered, id: string): Promise<string> {
  const { currentDetails } = await client.workflow
    .getHandle(id)
    .query<{ currentDetails: string }>('__temporal_workflow_metadata')
  return currentDetails
}

/** Waits until a release is in a stage and its state satisfies `more`. */
export const reaches = (
  on: Steered,
  id: string,
  stage: Stage,
  more: (state: ReleaseState) => boolean = () => true,
): Promise<ReleaseState> =>
  eventually(`${id} in ${stage}`, async () => {
    const state = await stateOf(on, id)
    if (state.stage === 'done' && stage !== 'done') throw new Error(`${id} ended: ${state.verdict} ${state.reason}`)
    return state.stage === stage && more(state) && state
  })

/**
 * Waits for the end. On the time-skipping server this skips time.
 * @throws Error with what the run waits for, after the time limit
 */
export async function resultOf(on: Steered, id: string, withinMs = RESULT_WITHIN_MS): Promise<ReleaseResult> {
  const ended = new AbortController()
  const givenUp = pause(withinMs, undefined, { signal: ended.signal }).then(async () => {
    const waits = JSON.stringify({ state: await stateOf(on, id), pending: await pendingOf(on, id) })
    throw new Error(`waited ${withinMs / 1000} s for the end of ${id}: ${waits}`)
  })
  // Ends with it: a client that asks after its connection is closed ends the process.
  const result = on.client.withAbortSignal(ended.signal, () => on.client.workflow.getHandle(id).result())
  try {
    return await Promise.race([result as Promise<ReleaseResult>, givenUp])
  } finally {
    givenUp.catch(() => {})
    ended.abort()
  }
}

export const operate = (
  { client }: Steered,
  id: string,
  action: OperatorActionName,
  fields: { id?: string; by?: string; reason?: string; proof?: string } = {},
): Promise<OperatorAnswer> =>
  client.workflow.getHandle(id).executeUpdate(operateUpdate, {
    args: [{ id: randomUUID(), by: 'ana', reason: 'the test says so', ...fields, action }],
  })

/** Ledger entries of one run and kind; possibly none. */
export const entriesOf = async <Kind extends EntryKind>(
  { registry }: Steered,
  id: string,
  kind: Kind,
): Promise<LedgerEntry<Kind>[]> =>
  (await registry.ledger.entries('toy', { kind })).filter((entry) => runOf(entry as LedgerEntry) === id)

/** Waits until a release's candidate has its first share of traffic. */
export const exposed = (on: Steered, id: string): Promise<ReleaseState> =>
  eventually(`${id} exposed`, async () => (await entriesOf(on, id, 'canary_step')).length > 0 && stateOf(on, id))

/** For waits: what a run with a failing workflow task waits for never happens. @throws Error at its third attempt */
export async function requireTasksOf({ client }: Pick<Steered, 'client'>, id: string): Promise<void> {
  const { raw } = await client.workflow.getHandle(id).describe()
  const { attempt, state } = raw.pendingWorkflowTask ?? {}
  if ((attempt ?? 1) > 2) throw new Error(`a workflow task of ${id} keeps failing: attempt ${attempt}, state ${state}`)
}

/** The result of work that a run with a failing workflow task would never let end. @throws Error as `requireTasksOf` */
export async function whileTasksSucceed<T>(on: Pick<Steered, 'client'>, id: string, work: Promise<T>): Promise<T> {
  const ended = new AbortController()
  const watch = async (): Promise<never> => {
    for (;;) {
      await pause(500, undefined, { signal: ended.signal })
      await requireTasksOf(on, id)
    }
  }
  const watched = watch()
  watched.catch(() => {})
  try {
    return await Promise.race([work, watched])
  } finally {
    ended.abort()
  }
}

/** Alias moves of one run, in order, as `production: a → b`. */
export const movesOf = async ({ registry }: Steered, id: string): Promise<string[]> =>
  (await registry.aliases.history('toy'))
    .filter(({ workflowId }) => workflowId === id)
    .map(({ alias, from, to }) => `${alias}: ${from} → ${to}`)

export const looksOf = async (on: Steered, id: string): Promise<RecordedLook[]> =>
  (await entriesOf(on, id, 'judgement')).map(({ body }) => body)

export async function attributesOf({ client }: Steered, id: string): Promise<Record<string, unknown>> {
  const { typedSearchAttributes } = await client.workflow.getHandle(id).describe()
  const known: readonly string[] = SEARCH_ATTRIBUTES // Temporal adds the ids of patched() to them.
  const all = typedSearchAttributes.getAll().filter(({ key }) => known.includes(key.name))
  return Object.fromEntries(all.map(({ key, value }) => [key.name, value]))
}

/** For afterEach, also of a failed test: ends every run, and restores production and the lane for the next test. */
export async function startOver({ client, registry }: Steered): Promise<void> {
  for (const { workflowId, verdict } of await registry.runs.list('toy')) {
    if (verdict !== null) continue
    const ended = client.workflow.getHandle(workflowId).terminate('the test is over')
    await ended.catch(() => {})
    const over = { project: 'toy', workflowId, releaseId: null, reason: 'test', detail: 'over' }
    const body = { schema: 'slipway.verdict/1', verdict: 'failed', ...over } as const
    // The lane is held until a verdict; one that the run recorded itself at the last moment is as good.
    const key = `${workflowId}:verdict`
    await registry.ledger.append({ project: 'toy', kind: 'verdict', subject: workflowId, key, body }).catch(() => {})
  }
  const { production, canary } = await registry.aliases.current('toy')
  const first = (await registry.aliases.history('toy')).find(({ alias }) => alias === 'production')?.to ?? null
  const common = { project: 'toy', actor: 'test', reason: 'the test is over', workflowId: null, evidence: null }
  const key = randomUUID()
  if (canary !== null) {
    await registry.aliases.move({ ...common, alias: 'canary', expected: canary, to: null, key: `${key}:canary` })
  }
  if (production !== first) {
    await registry.aliases.move({
      ...common,
      alias: 'production',
      expected: production,
      to: first,
      key: `${key}:production`,
    })
  }
}

/** What the server knows about the pending activity of a run. */
export async function pendingOf({ client }: Steered, id: string) {
  const { raw } = await client.workflow.getHandle(id).describe()
  const [pending] = raw.pendingActivities ?? []
  if (!pending) return undefined
  const [beat] = pending.heartbeatDetails?.payloads ?? []
  return {
    type: pending.activityType?.name,
    /** How often it failed with "not yet"; 0 during the first attempt. */
    notYet: pending.lastFailure?.applicationFailureInfo?.type === 'NotYet' ? (pending.attempt ?? 1) - 1 : 0,
    waits: pending.state === SCHEDULED,
    heartbeat: beat?.data?.length
      ? (JSON.parse(Buffer.from(beat.data).toString('utf8')) as Record<string, unknown>)
      : undefined,
  }
}

/** PENDING_ACTIVITY_STATE_SCHEDULED: no worker has it. */
const SCHEDULED = 1

const CANCEL_REQUESTED = 20
const TASK_COMPLETED = 7

/** Cancels a run as the Web UI does. @returns when the workflow has processed the cancellation */
export async function cancel({ client }: Steered, id: string): Promise<void> {
  const handle = client.workflow.getHandle(id)
  await handle.cancel()
  await eventually(`${id} to process its cancellation`, async () => {
    const types = ((await handle.fetchHistory()).events ?? []).map(({ eventType }) => eventType)
    return types.lastIndexOf(TASK_COMPLETED) > types.indexOf(CANCEL_REQUESTED)
  })
}
