import { eventNow } from '../contracts/clock.js'
import { durationMs } from '../contracts/duration.js'
import { evidenceSourceOf } from '../contracts/evidence-source.js'
import type { Arm } from '../contracts/names.js'
import { type CohortCounts, inputOfRun, type Registry } from '../registry/index.js'
import { Refused } from './refused.js'
import { createSharedAnswers } from './shared-answers.js'

type Needs = Pick<Registry, 'evidence' | 'ledger' | 'labels'>

type Coverage = Awaited<ReturnType<typeof coverageOf>>

/** For many readers: they share the queries. */
export function createCoverage(registry: Needs, now: () => number) {
  const shared = createSharedAnswers<Coverage>()
  return (project: string, workflowId: string): Promise<Coverage> =>
    shared(`${project} ${workflowId}`, () => coverageOf(registry, project, workflowId, now()))
}

/**
 * How many decisions of each arm have a label by now, on all days and on mature days. A share is null where nothing was
 * exposed.
 */
async function coverageOf(registry: Needs, project: string, workflowId: string, wallNow: number) {
  const input = await inputOfRun(registry, { project, workflowId })
  if (!input) throw new Refused('not_found', `no release run "${workflowId}" of ${project} is recorded`)
  const asOf = Math.floor(eventNow(input.clock, wallNow))
  const cohorts = await registry.evidence.cohorts({
    project,
    workflowId,
    asOf,
    labelHorizonMs: durationMs(input.policy.labelHorizon),
    source: evidenceSourceOf(input.trigger),
  })
  const arms = [...new Set(cohorts.map(({ arm }) => arm))].map((arm) => armCoverage(arm, cohorts))
  return {
    project,
    workflowId,
    asOf: new Date(asOf).toISOString(),
    arms,
    early: await registry.labels.earlyCounts(project),
  }
}

function armCoverage(arm: Arm, cohorts: readonly CohortCounts[]) {
  const mine = cohorts.filter((cohort) => cohort.arm === arm)
  const sum = (rows: readonly CohortCounts[], of: 'exposed' | 'labelled') => rows.reduce((all, row) => all + row[of], 0)
  const mature = mine.filter((cohort) => cohort.mature)
  const share = (labelled: number, exposed: number) => (exposed === 0 ? null : labelled / exposed)
  const [exposed, labelled] = [sum(mine, 'exposed'), sum(mine, 'labelled')]
  const [matureExposed, matureLabelled] = [sum(mature, 'exposed'), sum(mature, 'labelled')]
  return {
    arm,
    exposed,
    labelled,
    coverage: share(labelled, exposed),
    matureExposed,
    matureLabelled,
    matureCoverage: share(matureLabelled, matureExposed),
  }
}
