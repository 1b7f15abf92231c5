/** The operations whose cost must not depend on what an installation has seen before. */
import type pg from 'pg'
import { DAY_MS } from '../../contracts/duration.js'
import type { Registry } from '../../registry/index.js'
import { needsAttention } from '../../releases/attention.js'

export type Operations = Readonly<
  Record<string, { readonly times: number; readonly work: (time: number) => Promise<unknown> }>
>

const PROJECT = 'p0'
const RECEIVER = 'bench'

/** @param run the open run, whose decisions and labels are of today */
export function operationsOf(registry: Registry, owner: pg.Client, run: string): Operations {
  const iso = () => new Date().toISOString()
  const cohorts = { project: PROJECT, source: 'live', labelHorizonMs: DAY_MS } as const
  return {
    'a look: its cohorts': {
      times: 3,
      work: () => registry.evidence.cohorts({ ...cohorts, workflowId: run, asOf: Date.now() + DAY_MS }),
    },
    'a notifier pass': {
      times: 30,
      work: async () => {
        await registry.notices.undelivered(RECEIVER)
        await needsAttention(registry, Date.now())
      },
    },
    'release list, one page': { times: 30, work: () => registry.runs.list(undefined, { limit: 50 }) },
    'rollback: what it reads': {
      times: 30,
      work: async () => {
        await registry.runs.list(PROJECT, { open: true })
        await registry.aliases.current(PROJECT)
      },
    },
    'alias move: exposure read again': { times: 30, work: () => registry.exposure.read(PROJECT) },
    'closing days, none to close': { times: 20, work: () => registry.retention.closeDays() },
    'trace: a decision by its id': { times: 30, work: () => registry.evidence.findDecisions('open-1') },
    'label delivery': {
      times: 30,
      work: (time) =>
        registry.labels.add(PROJECT, [
          { decisionId: `open-${time + 2}`, label: 2, loss: 0.1, observedAt: Date.now() + time },
        ]),
    },
    "a decision with a caller's id": {
      times: 30,
      work: (time) =>
        owner.query('select slipway_log_decisions($1)', [
          JSON.stringify([
            {
              project: PROJECT,
              id: `caller-${time}`,
              workflow: '',
              release: 'p0_v1',
              arm: 'production',
              source: 'live',
              entity: 'e',
              at: iso(),
              output: {},
              action: 'none',
              stale: false,
              fresh: false,
            },
          ]),
        ]),
    },
  }
}
