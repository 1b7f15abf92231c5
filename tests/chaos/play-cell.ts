/** Plays one cell: a release, in whose stage a fault strikes, and what holds when it has its verdict. */
import { setTimeout as pause } from 'node:timers/promises'
import { DAY_MS } from '../../contracts/duration.js'
import { rollBack } from '../../releases/roll-back.js'
import { type Held, holdEntries } from '../support/block-ledger-entries.js'
import { entriesOf, eventually, pendingOf, resultOf } from '../support/steer.js'
import { startToyRelease } from '../support/toy-release.js'
import { type Cell, notHere, strikes } from './cells.js'
import { startClient } from './chaos-client.js'
import type { ChaosSystem } from './chaos-system.js'
import { WORKER_TIMEOUT_MS } from './faults.js'
import { lostAnswers, orphans, problemsAfter } from './invariants.js'
import { stageOf } from './stages.js'

/** Wall time of a day of events. */
const DAY_TAKES_MS = 100
const FIRST_CUTOFF = Date.parse('2001-01-20T00:00:00Z')

export interface Outcome {
  readonly cell: Cell
  readonly verdict: string
  readonly seconds: number
  readonly answered: number
  readonly refused: number
  /** Empty: all invariants hold. */
  readonly problems: readonly string[]
}

export async function playCell(on: ChaosSystem, cell: Cell, number: number): Promise<Outcome> {
  const why = notHere(cell, on)
  if (why !== undefined) return { cell, verdict: why, seconds: 0, answered: 0, refused: 0, problems: [] }
  const began = performance.now()
  const name = `cell-${number}`
  const client = startClient(on.serviceUrl, on.topology.secrets.SLIPWAY_TOKEN ?? '', name)
  const problems: string[] = []
  let verdict = 'none'
  try {
    verdict = await releaseWithFault(on, cell, name, number)
    problems.push(...(await problemsAfter(on, `release/toy/${name}`, cell.verdict ?? 'promoted')))
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error))
  }
  await client.stop()
  if (client.decisions.length === 0) problems.push('no decision was answered')
  for (const check of [() => lostAnswers(on, client), () => orphans(on)]) problems.push(...(await settled(check)))
  await restore(on, name)
  const seconds = Math.round((performance.now() - began) / 100) / 10
  return { cell, verdict, seconds, answered: client.decisions.length, refused: client.failures(), problems }
}

async function releaseWithFault(on: ChaosSystem, cell: Cell, name: string, number: number): Promise<string> {
  const stage = stageOf(cell.stage)
  const environment = { SLIPWAY_DATABASE_URL: on.superuserUrl }
  const held: Held | undefined = stage.records && (await holdEntries(environment, stage.records, stage.where))
  try {
    const clock = { wallStart: Date.now(), speed: DAY_MS / DAY_TAKES_MS }
    // Data of its own, so that each cell has a model of its own.
    const cutoff = new Date(FIRST_CUTOFF + number * DAY_MS).toISOString()
    const { policy, parameters } = stage
    const given = { ...(policy ? { policy } : {}), ...(parameters ? { parameters } : {}) }
    const options = { cutoff, workerTimeoutMs: WORKER_TIMEOUT_MS, ...given }
    const { workflowId } = await startToyRelease(on.client, name, options, clock)
    await eventually(`${cell.stage} of ${name}`, () =>
      held ? held.reached() : pendingOf(on, workflowId).then((pending) => pending?.heartbeat?.epoch !== undefined),
    )
    if (held && stage.records && cell.when === 'unreported') {
      const { length } = await entriesOf(on, workflowId, stage.records)
      on.workers[0]?.relays.temporal.become('silent')
      await held.letGo()
      const { records } = stage
      await eventually('the effect', async () => (await entriesOf(on, workflowId, records)).length > length)
    }
    const struck = await strikes(on, cell)
    await struck.before?.()
    if (cell.when !== 'unreported') await held?.letGo()
    await struck.during?.()
    const result = await resultOf(on, workflowId, RESULT_WITHIN_MS)
    await struck.after?.()
    return `${result.verdict} (${result.reason})`
  } finally {
    await held?.letGo().catch(() => {})
  }
}

/** Much longer than a busy machine needs: only what never ends is given up. */
const RESULT_WITHIN_MS = 400_000

/** What may still be on its way: spooled decisions, trainers that end. @returns what remains */
async function settled(check: () => Promise<readonly string[]>): Promise<readonly string[]> {
  let left: readonly string[] = []
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; ) {
    left = await check().catch((error: unknown) => [String(error)])
    if (left.length === 0) break
    await pause(250)
  }
  return left
}

/** The baseline in production again, as an operator restores it. */
async function restore({ registry, artifacts, baseline }: ChaosSystem, name: string): Promise<void> {
  const { production } = await registry.aliases.current('toy')
  if (production === baseline) return
  const note = { by: 'ana', reason: `${name} is over`, id: name }
  await rollBack({ registry, artifacts }, { project: 'toy', to: baseline, ...note })
}
