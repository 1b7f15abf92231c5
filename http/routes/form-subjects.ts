/** What a form of the console acts on: a release, or the production of a project. */
import { gatherActionFacts } from '../../console/actions/action-facts.js'
import type { ActionFields, ActionFormParts } from '../../console/actions/action-form.js'
import { LABELS } from '../../console/actions/action-links.js'
import {
  CONSOLE_ACTIONS,
  type Consequence,
  type ConsoleAction,
  consequenceOf,
  signalOf,
} from '../../console/actions/consequence.js'
import { isRollbackMade, rollbackConsequence } from '../../console/actions/rollback-consequence.js'
import { html, type Markup } from '../../console/html.js'
import { typed } from '../../console/parts.js'
import { actionPath, projectPath, releasePath, rollbackPath, withOutcome } from '../../console/paths.js'
import type { TemporalSeen } from '../../console/temporal-seen.js'
import { keysOfAction } from '../../contracts/ledger/index.js'
import { releaseWorkflowId } from '../../contracts/names.js'
import { whyNotApproved } from '../../releases/identity/approval-counts.js'
import { Refused } from '../../serving/refused.js'
import type { DecisionService } from '../../serving/service.js'
import { requireCallerName } from '../access/caller-name.js'
import type { Caller, Role } from '../access/tokens.js'
import { actAsCaller, rollBackAsCaller } from '../act-as-caller.js'
import type { AppOptions } from '../app-options.js'

export interface FormSubject extends Pick<ActionFormParts, 'title' | 'about' | 'address' | 'back' | 'button'> {
  readonly project: string
  /** Of the page, as browsers show it for a tab: actions on several releases may be open. */
  readonly tab: string
  /** Needed to act. */
  readonly role: Role
  /** @throws UnknownRun, Refused */
  consequence(): Promise<Consequence>
  /**
   * Why this caller would be refused although the action is possible; null when that is not known beforehand.
   * @param caller null where the name is typed into the form
   */
  refusalOf?(caller: Caller | null): Promise<string | null>
  /** The fields of this form alone. */
  readonly names?: readonly string[]
  /** Their inputs. @param typed absent: the form is new */
  inputs?(typed: ActionFields['more']): Promise<Markup>
  /** What is wrong with them; null when nothing is. */
  problemOf?(typed: Readonly<Record<string, string>>): Promise<string | null>
  /** Whether this action is recorded already, also as one that was refused. */
  isTaken(fields: ActionFields): Promise<boolean>
  /** @param shown the consequence that was confirmed */
  act(
    caller: Caller | null,
    note: Omit<ActionFields, 'by'> & { by: string | undefined },
    shown: Consequence,
  ): Promise<unknown>
  /** Address of the page that shows what became of the action. */
  outcome(fields: ActionFields): string
}

interface Needs extends Pick<AppOptions, 'withClient' | 'prover'> {
  readonly service: DecisionService
  readonly temporal: () => TemporalSeen
}

const isAction = (name: string | undefined): name is ConsoleAction => CONSOLE_ACTIONS.some((one) => one === name)

export function releaseSubject(
  needs: Needs,
  { project = '', trigger = '', action }: { project?: string; trigger?: string; action?: string },
): FormSubject {
  const { registry, now } = needs.service
  if (!isAction(action))
    throw new Refused('not_found', `there is no action "${action}"; there are: ${CONSOLE_ACTIONS.join(', ')}`)
  const workflowId = releaseWorkflowId(project, trigger)
  const back = releasePath(workflowId)
  const keysOf = (id: string) => keysOfAction(workflowId, id, [signalOf(action)])
  return {
    project,
    role: action === 'approve' ? 'approve' : 'operate',
    title: LABELS[action],
    tab: `${LABELS[action]} ${trigger} of ${project}`,
    about: html`Release <a href="${back}">${typed(trigger, 200)}</a> of ${typed(project, 200)}`,
    address: actionPath(workflowId, action),
    back,
    button: LABELS[action],
    consequence: async () =>
      consequenceOf(action, await gatherActionFacts(registry, workflowId, { temporal: needs.temporal(), now: now() })),
    refusalOf: async (caller) => {
      if (signalOf(action) !== 'promote') return null
      const open = (await registry.runs.open(project)).find((one) => one.workflowId === workflowId)
      return open ? whyNotApproved(needs.prover, open, caller && requireCallerName(undefined, caller).by) : null
    },
    isTaken: async ({ id }) => (await registry.ledger.actionsWithKeys(project, keysOf(id))).length > 0,
    act: (caller, note) => actAsCaller(needs, caller, { workflowId, action, ...note }),
    outcome: ({ id }) => withOutcome(back, id),
  }
}

export function rollbackSubject(needs: Needs, project: string, to: string | undefined): FormSubject {
  const { registry } = needs.service
  const back = projectPath(project)
  return {
    project,
    role: 'operate',
    title: 'Roll back',
    tab: `Roll back ${project}`,
    about: html`Production of <a href="${back}">${typed(project, 200)}</a>`,
    address: rollbackPath(project, to),
    back,
    button: 'Roll back',
    consequence: () => {
      // A project that this service does not serve may have a ledger all the same.
      needs.service.project(project)
      return rollbackConsequence(registry, project, to ?? null)
    },
    isTaken: ({ id }) => isRollbackMade(registry, project, id),
    // Named, so that a move made meanwhile does not lead further back than was confirmed.
    act: (caller, note, shown) => rollBackAsCaller(needs, caller, { project, to: shown.to, ...note }),
    outcome: ({ id }) => withOutcome(back, id),
  }
}
