/** The form that starts a release. The id in it makes it idempotent, as in the route for machines. */
import { gatherStartChoices, type StartChoices } from '../../console/actions/start-choices.js'
import { startConsequence } from '../../console/actions/start-consequence.js'
import { problemOfStart, START_FIELDS, type StartTexts, startInputs } from '../../console/actions/start-form.js'
import { html } from '../../console/html.js'
import { typed } from '../../console/parts.js'
import { projectPath, startPath } from '../../console/paths.js'
import { SlipwayError } from '../../contracts/failure.js'
import { shortReason } from '../../contracts/limits.js'
import { readInstant } from '../../contracts/read-instant.js'
import { NO_TEMPORAL, recordedAs, type StartNeeds, type StartRequest, startAsCaller } from '../start-as-caller.js'
import type { FormSubject } from './form-subjects.js'

export function startSubject(needs: StartNeeds, name: string): FormSubject {
  const { registry, now, project: known } = needs.service
  const { policy: own, defaultCutoff } = known(name)
  // Once for each request.
  let gathered: Promise<StartChoices> | undefined
  const choices = () => {
    gathered ??= gatherStartChoices(registry, name, own)
    return gathered
  }
  const requestOf = async (texts: StartTexts, note: { by: string | undefined; reason: string }) => {
    const { release = '', evidence, cutoff = '', source = '', policy = '', undecided } = texts
    const at = readInstant(cutoff)
    const chosen = (await choices()).policies.find(({ digest }) => digest === policy)
    const request: StartRequest = {
      project: name,
      id: release,
      ...note,
      evidence: evidence === 'replay' ? 'replay' : 'live',
      ...(at ? { cutoff: new Date(at.at).toISOString() } : {}),
      ...(source === '' ? {} : { source }),
      ...(chosen && policy !== '' ? { policy: chosen.policy } : {}),
      allowUndecided: undecided === 'yes',
    }
    return request
  }
  /** The release of this id, and whether this form, sent before, has started it. */
  const recorded = async (texts: StartTexts, note: { by: string | undefined; reason: string }) => {
    const found = await recordedAs(needs, await requestOf(texts, note))
    if (!found) return null
    const { reason } = found.input?.trigger.cause ?? {}
    return { ...found, isThis: found.differs?.length === 0 && reason === shortReason(note.reason) }
  }
  const back = projectPath(name)
  return {
    project: name,
    role: 'operate',
    title: 'Start a release',
    tab: `Start a release of ${name}`,
    about: html`Project <a href="${back}">${typed(name, 200)}</a>`,
    address: startPath(name),
    back,
    button: 'Start',
    names: START_FIELDS,
    async inputs(texts) {
      const found = await choices()
      const { evidence } = found
      const release = new Date(now()).toISOString().replace(/[:.]/g, '-')
      const proposed = { release, evidence, cutoff: evidence === 'replay' ? defaultCutoff : '' }
      return startInputs(name, found, texts ?? proposed)
    },
    problemOf: async (texts) => problemOfStart(texts, await choices()),
    consequence: async () =>
      startConsequence(registry, name, {
        choices: await choices(),
        not: needs.startRelease ? null : `${NO_TEMPORAL}.`,
      }),
    isTaken: async ({ more = {}, by, reason }) => (await recorded(more, { by, reason }))?.isThis === true,
    async act(caller, { more = {}, by, reason }) {
      const found = await recorded(more, { by, reason })
      if (found)
        throw new SlipwayError(
          'AliasMoved',
          `release ${more.release} was started before, by ${found.input?.trigger.by ?? 'another person'} and with other content: choose another id`,
        )
      await startAsCaller(needs, caller, await requestOf(more, { by, reason }))
    },
    outcome: ({ more }) => `${back}?started=${encodeURIComponent(more?.release ?? '')}`,
  }
}
