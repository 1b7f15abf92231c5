/** The operations whose cost must not depend on what an installation has seen before. */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type pg from 'pg'
import { DAY_MS } from '../../contracts/duration.js'
import { needsAttention } from '../../releases/attention.js'
import { createCheckCondition } from '../../releases/conditions/check-condition.js'
import { recordOperatorAction } from '../../releases/record-operator-action.js'
import { rollBack } from '../../releases/roll-back.js'
import { type DecisionService, startService, trace } from '../../serving/index.js'
import { buildDay, DAYS_TO_CLOSE, OPEN } from './build-days.js'
import { type Installation, moveProduction, project } from './installation.js'

export interface Operation {
  readonly times: number
  /** Not part of its cost. */
  readonly prepare?: (time: number) => Promise<unknown>
  readonly work: (time: number) => Promise<unknown>
  /** Not part of its cost. */
  readonly after?: () => Promise<unknown>
}
export type Operations = Readonly<Record<string, Operation>>

const PROJECT = 'p0'
const RECEIVER = 'bench'
const projects = new Map([[PROJECT, project]])

/** @param service a gateway that is running */
export function operationsOf(installation: Installation, service: DecisionService, owner: pg.Client): Operations {
  const { registry, artifacts, folder, releases } = installation
  const iso = () => new Date().toISOString()
  const cohorts = { project: PROJECT, source: 'live', labelHorizonMs: DAY_MS } as const
  const other = async () => {
    const { production } = await registry.aliases.current(PROJECT)
    return production === releases[0] ? releases[1] : releases[0]
  }
  const decide = (decisionId?: string) =>
    service.decide(PROJECT, { entityKey: 'e', input: {}, ...(decisionId === undefined ? {} : { decisionId }) })
  const untilDecidedBy = async (release: string) => {
    while ((await decide()).releaseId !== release);
  }
  const check = createCheckCondition({ registry, projects, now: Date.now })
  const condition = (name: string): Operation => ({
    times: 10,
    prepare: () => moveProduction(registry, releases[0]),
    work: async (time) => {
      const at = new Date(Date.now() - 1_000 - time).toISOString()
      const { outcome, says } = await check({ project: PROJECT, condition: name, at })
      if (outcome !== 'quiet') throw new Error(`the condition ${name} is ${outcome}: ${says}`)
    },
  })
  const entity = {
    project: PROJECT,
    workflow: '',
    release: releases[0],
    arm: 'production',
    source: 'live',
    entity: 'e',
  }
  let traced = ''
  let opened: DecisionService | undefined
  return {
    'a look: its cohorts': {
      times: 3,
      work: () => registry.evidence.cohorts({ ...cohorts, workflowId: OPEN, asOf: Date.now() + DAY_MS }),
    },
    'a notifier pass': {
      times: 30,
      work: async () => {
        await registry.notices.undelivered(RECEIVER)
        await needsAttention(registry, Date.now())
      },
    },
    'release list, one page': { times: 30, work: () => registry.runs.list(undefined, { limit: 50 }) },
    'an operator action is recorded': {
      times: 30,
      work: (time) => {
        const action = { id: `bench-${time}`, action: 'pause', by: 'bench', reason: 'bench' }
        const answer = { accepted: false, message: 'it is paused already' }
        return recordOperatorAction(registry, { project: PROJECT, workflowId: OPEN }, action, answer)
      },
    },
    rollback: {
      times: 20,
      work: async () =>
        rollBack(
          { registry, artifacts },
          { project: PROJECT, to: await other(), id: randomUUID(), by: 'bench', reason: 'bench' },
        ),
    },
    'alias move to first decision': {
      times: 20,
      work: async () => {
        const to = await other()
        await moveProduction(registry, to)
        await untilDecidedBy(to)
      },
    },
    'a gateway’s start': {
      times: 5,
      work: async () => {
        opened = await startService({
          registry,
          artifacts,
          projects,
          spoolFolder: join(folder, `spool-${randomUUID()}`),
        })
      },
      after: async () => opened?.stop(),
    },
    'closing a day': {
      times: DAYS_TO_CLOSE - 1,
      // Later than every closed day: days are closed in their order. The first, which is not measured, has time -1.
      prepare: (time) => buildDay(owner, { ago: DAYS_TO_CLOSE - 1 - time, rows: 500, release: releases[0] }),
      work: async () => {
        const closed = await registry.retention.closeDays()
        if (closed.length !== 2) throw new Error(`${closed.length} tables of a day were closed instead of 2`)
      },
    },
    'closing days, none to close': { times: 20, work: () => registry.retention.closeDays() },
    'a condition’s check: freshness': condition('freshness'),
    'a condition’s check: quality': condition('quality'),
    // The ledger's clock cannot be set back, so production is too new here for a check to get as far as its values.
    'a condition’s check: values for drift': {
      times: 10,
      work: async () => {
        for (const ago of [2, 4]) {
          const [from, to] = [Date.now() - ago * DAY_MS, Date.now() - (ago - 1) * DAY_MS]
          const paths = [['output', 'value']]
          const { decisions } = await registry.evidence.recordedValues({
            project: PROJECT,
            from,
            to,
            paths,
            most: 10_000,
          })
          if (decisions === 0) throw new Error('no decision to compare')
        }
      },
    },
    'trace of a decision': {
      times: 20,
      prepare: async (time) => {
        traced = `traced-${time}`
        await decide(traced)
      },
      work: async () => {
        const { intact } = await trace({ ...service, workflowUrl: () => null }, traced)
        if (!intact) throw new Error(`the trace of ${traced} is not intact`)
      },
    },
    'label delivery': {
      times: 30,
      work: (time) =>
        registry.labels.add(PROJECT, [
          { decisionId: `open-${time + 2}`, label: 2, loss: 0.1, observedAt: Date.now() + time },
        ]),
    },
    "a decision with a caller's id": {
      times: 30,
      work: (time) => {
        const row = {
          ...entity,
          id: `caller-${time}`,
          at: iso(),
          output: {},
          action: 'none',
          stale: false,
          fresh: false,
        }
        return owner.query('select slipway_log_decisions($1)', [JSON.stringify([row])])
      },
    },
  }
}
