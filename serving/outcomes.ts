/**
 * Joins labels with their decisions. The project computes the loss when both are there, with the action policy of the
 * release that decided. Labels of unknown decisions are set aside and joined later: after setting them aside, and after
 * a decision is written.
 */
import { eventNow } from '../contracts/clock.js'
import { isLive } from '../contracts/evidence-source.js'
import { INSTANT_RANGE, isRecordableInstant } from '../contracts/read-instant.js'
import { isShadowFailure, shadowIdOf } from '../contracts/shadow-decisions.js'
import { isWaitOver } from '../contracts/wait-over.js'
import { lossOf } from '../projects/loss-of.js'
import type { Label, Project } from '../projects/project.js'
import {
  type DecisionRecord,
  inputOfRun,
  type LabelledDecision,
  type NewLabel,
  type Registry,
} from '../registry/index.js'
import { labelProblem } from './label-problem.js'

/** How far a label's instant may be ahead of the run's clock, in event time: clocks differ. */
const AHEAD_MS = 10 * 60_000
/** How long a run's clock is cached: a rehearsal's clock starts again when Slipway resumes after a pause. */
const CLOCK_KEPT_MS = 5_000

const OF_PRODUCTION = 'it is a shadow decision, which gets the label of the decision of production'

const mayHaveShadow = (decision: DecisionRecord | undefined): boolean =>
  decision?.arm === 'production' && decision.weight === 0 && decision.source === 'live'

export interface Delivered {
  readonly accepted: number
  readonly corrections: number
  readonly duplicates: number
  /** Labels of unknown decisions, set aside. */
  readonly unknown: number
  readonly rejected: readonly { readonly index: number; readonly decisionId: string; readonly problem: string }[]
}

type Rejected = Delivered['rejected'][number]
const byIndex = (a: Rejected, b: Rejected): number => a.index - b.index

/** As it arrives: whether it is a label of the project is not known. */
export type GivenLabel = Omit<NewLabel, 'label'> & { readonly label: unknown }

/** A label that can be none of the project's is not set aside either, to be rejected when nothing hears of it. */
function sorted(project: Project, labels: readonly GivenLabel[]) {
  const fit: (NewLabel & { index: number })[] = []
  const unfit: Rejected[] = []
  labels.forEach((label, index) => {
    const problem = labelProblem(project, label.label)
    if (problem === undefined) fit.push({ ...label, label: label.label as Label, index })
    else unfit.push({ index, decisionId: label.decisionId, problem })
  })
  return { fit, unfit }
}

export interface OutcomeNeeds {
  readonly registry: Pick<Registry, 'evidence' | 'labels' | 'ledger' | 'releases'>
  readonly now: () => number
  /** Of each first label: event time from the decision to the label. */
  readonly onFirstLabel?: (project: string, lagMs: number) => void
}

export type Outcomes = ReturnType<typeof createOutcomes>

export function createOutcomes({ registry, now, onFirstLabel = () => {} }: OutcomeNeeds) {
  const clocks = new Map<string, { clock: (wall: number) => number; read: number }>()
  const policies = new Map<string, Awaited<ReturnType<typeof registry.releases.get>>['manifest']['actionPolicy']>()

  /** Event time by the clock of the decision's run; wall time outside a run that is judged on live traffic. */
  const clockOf = async ({ project, workflowId }: DecisionRecord): Promise<(wall: number) => number> => {
    const known = clocks.get(workflowId)
    if (known && !isWaitOver(known.read, now(), CLOCK_KEPT_MS)) return known.clock
    const input = workflowId === '' ? null : await inputOfRun(registry, { project, workflowId })
    const clock =
      input && isLive(input.trigger) ? (wall: number) => eventNow(input.clock, wall) : (wall: number) => wall
    clocks.set(workflowId, { clock, read: now() })
    return clock
  }

  const policyOf = async (releaseId: string) => {
    const known = policies.get(releaseId)
    if (known) return known
    const { actionPolicy } = (await registry.releases.get(releaseId)).manifest
    policies.set(releaseId, actionPolicy)
    return actionPolicy
  }

  /** @returns the labelled decision, or what is wrong with the label */
  const joinOne = async (
    project: Project,
    label: NewLabel,
    decision: DecisionRecord,
  ): Promise<LabelledDecision | string> => {
    const clock = await clockOf(decision)
    if (label.observedAt > clock(now()) + AHEAD_MS) {
      return `observedAt ${new Date(label.observedAt).toISOString()} is in the future by this service's clock`
    }
    const unfit = labelProblem(project, label.label)
    if (unfit !== undefined) return unfit
    const { action, output, input } = decision
    try {
      const loss = lossOf(project, { action, output, label: label.label, input }, await policyOf(decision.releaseId))
      return Number.isFinite(loss) ? { ...label, loss } : `its loss is ${loss}`
    } catch (error) {
      if (!(error instanceof RangeError) && !(error instanceof TypeError)) throw error
      return `the label does not fit: ${error.message}`
    }
  }

  /**
   * The same labels for the shadow decisions of production's decisions, each with a loss of its own. After the labels
   * of production are written; and after a shadow decision is written: one of the two finds the other.
   */
  const copyToShadows = async (project: Project, labels: readonly NewLabel[]): Promise<void> => {
    if (!project.labelsIndependentOfAction || labels.length === 0) return
    const found = await registry.evidence.decisionsById(
      project.name,
      labels.map(({ decisionId }) => shadowIdOf(decisionId)),
    )
    const shadows = new Map(found.map((decision) => [decision.decisionId, decision]))
    const copies: LabelledDecision[] = []
    for (const { decisionId, label, observedAt } of labels) {
      const decision = shadows.get(shadowIdOf(decisionId))
      if (decision?.arm !== 'shadow' || isShadowFailure(decision)) continue
      const copy = await joinOne(project, { decisionId: decision.decisionId, label, observedAt }, decision)
      // It may fit the output of production only.
      if (typeof copy !== 'string') copies.push(copy)
    }
    await registry.labels.add(project.name, copies)
  }

  const join = async (project: Project, labels: readonly (NewLabel & { index: number })[]) => {
    const decisions = await registry.evidence.decisionsById(
      project.name,
      labels.map(({ decisionId }) => decisionId),
    )
    const byId = new Map(decisions.map((decision) => [decision.decisionId, decision]))
    const labelled: LabelledDecision[] = []
    const unknown: (NewLabel & { index: number })[] = []
    const rejected: Rejected[] = []
    for (const { index, ...label } of labels) {
      const decision = byId.get(label.decisionId)
      if (!isRecordableInstant(label.observedAt))
        rejected.push({ index, decisionId: label.decisionId, problem: `observedAt: ${INSTANT_RANGE}` })
      else if (!decision) unknown.push({ ...label, index })
      else if (decision.arm === 'shadow') rejected.push({ index, decisionId: label.decisionId, problem: OF_PRODUCTION })
      else {
        const result = await joinOne(project, label, decision)
        if (typeof result === 'string') rejected.push({ index, decisionId: label.decisionId, problem: result })
        else labelled.push(result)
      }
    }
    const results = await registry.labels.add(project.name, labelled)
    labelled.forEach(({ decisionId, observedAt }, index) => {
      const decision = byId.get(decisionId)
      if (decision && results[index] === 'first') onFirstLabel(project.name, observedAt - Date.parse(decision.eventAt))
    })
    await copyToShadows(
      project,
      labelled.filter(({ decisionId }) => mayHaveShadow(byId.get(decisionId))),
    )
    const count = (kind: string) => results.filter((result) => result === kind).length
    return {
      unknown,
      rejected,
      counts: { accepted: count('first'), corrections: count('correction'), duplicates: count('duplicate') },
    }
  }

  return {
    async deliver(project: Project, labels: readonly GivenLabel[]): Promise<Delivered> {
      const { fit, unfit } = sorted(project, labels)
      const first = await join(project, fit)
      const rejected = [...unfit, ...first.rejected]
      if (first.unknown.length === 0) return { ...first.counts, unknown: 0, rejected: rejected.sort(byIndex) }
      await registry.labels.setAside(
        project.name,
        first.unknown.map(({ decisionId, label, observedAt }) => ({ decisionId, label, observedAt })),
      )
      // The decision may have been written meanwhile. Its writer joins early labels after writing, so one of the two
      // finds the other.
      const second = await join(project, first.unknown)
      return {
        accepted: first.counts.accepted + second.counts.accepted,
        corrections: first.counts.corrections + second.counts.corrections,
        duplicates: first.counts.duplicates + second.counts.duplicates,
        unknown: second.unknown.length,
        rejected: [...rejected, ...second.rejected].sort(byIndex),
      }
    },

    /**
     * Copies labels of these decisions of production that were delivered before their shadow decisions were written.
     */
    async labelShadows(project: Project, ids: readonly string[]): Promise<void> {
      if (project.labelsIndependentOfAction)
        await copyToShadows(project, await registry.labels.labelsOf(project.name, ids))
    },

    /** Joins labels that were set aside with decisions written since: the given ids, or all when absent. */
    async joinEarly(project: Project, ids?: readonly string[]): Promise<number> {
      const early = await registry.labels.early(project.name, ids)
      if (early.length === 0) return 0
      const { counts } = await join(
        project,
        early.map((label, index) => ({ ...label, index })),
      )
      return counts.accepted + counts.corrections
    },
  }
}
