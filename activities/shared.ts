/** What every project shares: the registry's side of a release. All idempotent, keyed by run and step. */

import { Context } from '@temporalio/activity'
import type { SharedActivities } from '../contracts/activities.js'
import { SlipwayError } from '../contracts/failure.js'
import { approvalKey, canaryCloseKey, promotionKey, revertKey, triggerKey } from '../contracts/ledger/index.js'
import { releaseInput } from '../contracts/schemas/index.js'
import { requireProject } from '../projects/load.js'
import { type AliasMove, knownRelease } from '../registry/index.js'
import { recordOperatorAction, recordVerdict } from '../releases/record-operator-action.js'
import type { Dependencies } from './dependencies.js'
import { notYet } from './failures.js'
import { createCheckCondition } from './triggers/check-condition.js'

/** Soon at first, then each minute: every look is a write to the server, and a canary lasts for weeks. */
const laneCheckMs = (attempt: number): number => Math.min(60_000, 1_000 * attempt)

export function createSharedActivities({ registry, projects, now }: Dependencies): SharedActivities {
  /** Compare-and-set; somebody else having moved the alias is an answer, not an error. */
  const unlessMoved = async (project: string, to: string, moves: AliasMove[]) => {
    try {
      await registry.aliases.moveTogether(moves)
      return { moved: true, found: to }
    } catch (error) {
      if (!(error instanceof SlipwayError) || error.type !== 'AliasMoved') throw error
      return { moved: false, found: (await registry.aliases.current(project)).production }
    }
  }

  return {
    checkCondition: createCheckCondition({ registry, projects, now }),

    async planScheduled({ project, at }) {
      const { policy, schedule } = requireProject(projects, project)
      const evidence = schedule?.evidence === undefined ? {} : { evidence: schedule.evidence }
      const id = `schedule-${at.slice(0, 16).replace(':', '')}`
      // A span made up for may reach back behind what Temporal remembers.
      const known = await knownRelease(registry, { project, trigger: id })
      if (known) return { known: known.workflowId }
      const trigger = { project, id, kind: 'schedule', by: 'schedule', at, cutoff: at, parameters: {} } as const
      return {
        trigger: { ...trigger, ...evidence },
        policy,
        clock: { eventStart: Date.parse(at), wallStart: Date.parse(at), speed: 1 },
      }
    },

    async recordTrigger(input, workflowId) {
      const parsed = releaseInput.safeParse(input)
      if (!parsed.success)
        throw new SlipwayError('BadRequest', `the release input is malformed: ${parsed.error.message}`)
      const { project } = input.trigger
      await registry.ledger.append({
        project,
        kind: 'trigger',
        subject: workflowId,
        key: triggerKey(workflowId),
        body: { ...input },
      })
    },

    openCanary: ({ project, workflowId, candidate, production, evaluation, opening = 0 }) =>
      registry.lane.take({ project, workflowId, candidate, production, evaluation, opening }),

    async awaitLane({ project, workflowId }) {
      const { holder, queue } = await registry.lane.current(project)
      const before = holder ?? queue[0] ?? workflowId
      if (before !== workflowId)
        throw notYet(`the canary lane is held by ${before}`, laneCheckMs(Context.current().info.attempt))
    },

    async closeCanary({ project, workflowId, candidate, reason, opening }) {
      const { holder } = await registry.lane.current(project)
      if (holder !== workflowId || (await registry.aliases.current(project)).canary !== candidate) return
      await registry.aliases.move({
        project,
        alias: 'canary',
        expected: candidate,
        to: null,
        actor: workflowId,
        reason,
        workflowId,
        evidence: null,
        key: canaryCloseKey(workflowId, opening),
      })
    },

    promote({ project, workflowId, candidate, production, reason, actor, evidence, opening }) {
      const common = { project, actor, reason, workflowId, evidence }
      const close = canaryCloseKey(workflowId, opening)
      return unlessMoved(project, candidate, [
        {
          ...common,
          alias: 'production',
          expected: production,
          to: candidate,
          key: promotionKey(workflowId),
          unlessAborted: true,
        },
        { ...common, alias: 'canary', expected: candidate, to: null, key: close },
      ])
    },

    revert({ project, workflowId, candidate, production, reason, evidence }) {
      const common = { project, actor: workflowId, reason: `revert:${reason}`, workflowId, evidence }
      return unlessMoved(project, production, [
        { ...common, alias: 'production', expected: candidate, to: production, key: revertKey(workflowId) },
      ])
    },

    findProduction: async ({ project }) => (await registry.aliases.current(project)).production,

    recordAction: ({ action, ...run }) => recordOperatorAction(registry, run, action, run),

    async recordApproval({ project, workflowId, number, ...body }) {
      const key = approvalKey(workflowId, number, body.state)
      await registry.ledger.append({ project, kind: 'approval', subject: workflowId, key, body })
    },

    recordVerdict: (run) => recordVerdict(registry, run, run, now()),
  }
}
