/**
 * Forms of operator actions: an address shows the consequence and a form, and takes it. What is wrong with a form shows
 * it again with what was typed, and nothing is done.
 */
import type { Context } from 'hono'
import { type ActionFields, actionForm, sessionEndedForm } from '../../console/actions/action-form.js'
import type { TemporalSeen } from '../../console/temporal-seen.js'
import { errorText } from '../../contracts/error-text.js'
import { SlipwayError } from '../../contracts/failure.js'
import type { DecisionService } from '../../serving/service.js'
import { isSameToken, newFormToken } from '../access/form-tokens.js'
import type { App, AppOptions, Guard } from '../app-options.js'
import { newFields, problemOfFields, readForm } from '../form-fields.js'
import type { Variables } from '../guard.js'
import { statusOf } from '../problems.js'
import { type FormSubject, releaseSubject, rollbackSubject } from './form-subjects.js'
import type { Pages } from './show-page.js'
import { startSubject } from './start-subject.js'

type C = Context<{ Variables: Variables }>

export interface FormOptions extends Pick<AppOptions, 'withClient' | 'startRelease' | 'prover' | 'sessions'> {
  readonly pages: Pages
  readonly temporal: () => TemporalSeen
}

export function addActionForms(app: App, service: DecisionService, guard: Guard, options: FormOptions): void {
  const { pages, sessions } = options
  // Without a login there is no session to carry the token of forms: then it is that of this process.
  const ownToken = newFormToken()
  const tokenOf = (c: C): string | null => c.get('csrf') ?? (guard.open() ? ownToken : null)

  const show = async (c: C, subject: FormSubject, fields: ActionFields, problem: string | null, status = 200) => {
    const caller = c.get('caller')
    const consequence = await subject.consequence()
    const may = guard.open() || caller?.may(subject.role, subject.project)
    const content = actionForm({
      ...subject,
      consequence,
      fields,
      inputs: await subject.inputs?.(fields.more),
      csrf: tokenOf(c) ?? '',
      person: caller?.name ?? null,
      mayNot: may
        ? ((await subject.refusalOf?.(caller)) ?? null)
        : `${caller?.name ?? 'You'} may read only: this needs the role ${subject.role}.`,
      problem,
    })
    return pages.show(c, { title: subject.tab, content }, status)
  }

  const take = async (c: C, subject: FormSubject) => {
    const { fields, hasId, csrf, seen } = await readForm(c, subject.names)
    const caller = c.get('caller')
    if (!guard.open() && !caller) {
      if (!sessions) return guard.refuse(c, 401, 'send the header Authorization: Bearer TOKEN')
      const loginAddress = `/login?next=${encodeURIComponent(subject.address)}`
      const content = sessionEndedForm(subject.address, { fields, seen, loginAddress })
      return pages.show(c, { title: 'Your session has ended', content }, 401)
    }
    const refused = guard.refusal(c, subject.role, subject.project)
    if (refused) return refused
    const again = (problem: string, status: number) => show(c, subject, fields, problem, status)
    const token = tokenOf(c)
    if (token !== null && !isSameToken(csrf, token))
      return again('This form is not of your present session. Read the consequence and confirm it again.', 403)
    if (!hasId) return again('This form has lost its id. Read the consequence and confirm it again.', 400)
    const problem = problemOfFields(fields, caller !== null) ?? (await subject.problemOf?.(fields.more ?? {})) ?? null
    if (problem !== null) return again(problem, 400)
    // The same form again is the same action: what it changed does not make it stale.
    if (await subject.isTaken(fields)) return c.redirect(subject.outcome(fields), 303)
    const shown = await subject.consequence()
    if (shown.not !== null) return again(shown.not, 409)
    if (shown.key !== seen)
      return again('What this form was about has changed since it was shown. Read the consequence again.', 409)
    try {
      await subject.act(caller, { ...fields, by: caller ? undefined : fields.by }, shown)
      return c.redirect(subject.outcome(fields), 303)
    } catch (error) {
      if (!(error instanceof SlipwayError)) throw error
      // Without an answer, Temporal or the ledger may keep it: the record says which.
      if (error.type === 'Unavailable' && (await subject.isTaken(fields)))
        return c.redirect(subject.outcome(fields), 303)
      return again(errorText(error), statusOf(error))
    }
  }

  const needs = { ...options, service, now: service.now }
  const addForm = (path: string, subjectOf: (c: C) => FormSubject) => {
    app.get(path, guard.site, guard.identify, guard.role('read'), (c) =>
      pages.orProblem(c, () => show(c, subjectOf(c), newFields(), null)),
    )
    app.post(path, guard.site, guard.size, guard.identifyForm, (c) => pages.orProblem(c, () => take(c, subjectOf(c))))
  }
  addForm('/projects/:project/releases/:trigger/actions/:action', (c) => releaseSubject(needs, c.req.param()))
  addForm('/projects/:project/start', (c) => startSubject(needs, c.req.param('project') ?? ''))
  addForm('/projects/:project/rollback', (c) => rollbackSubject(needs, c.req.param('project') ?? '', c.req.query('to')))
}
