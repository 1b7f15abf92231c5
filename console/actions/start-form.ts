/** The inputs of a start: what is released, on which data, and under which policy. */
import { readInstant } from '../../contracts/read-instant.js'
import { TRIGGER_ID, TRIGGER_ID_RULE } from '../../contracts/schemas/trigger.js'
import { html, type Markup } from '../html.js'
import { typed as asTyped } from '../parts.js'
import { policyPath } from '../paths.js'
import type { StartChoices } from './start-choices.js'
import { policyInWords } from './start-consequence.js'

export const START_FIELDS = ['release', 'evidence', 'cutoff', 'source', 'policy', 'undecided'] as const

export type StartTexts = Readonly<Partial<Record<string, string>>>

/** What is wrong with what was typed; null when nothing is. */
export function problemOfStart(texts: StartTexts, { policies, sources }: StartChoices): string | null {
  const { release = '', evidence = '', cutoff = '', source = '', policy = '', undecided = '' } = texts
  if (!TRIGGER_ID.test(release)) return `The id of the release ${TRIGGER_ID_RULE}.`
  if (evidence !== 'live' && evidence !== 'replay') return 'Choose what the canary is judged on.'
  if (cutoff !== '' && !readInstant(cutoff))
    return `“${cutoff.slice(0, 100)}” is not a time; write it as 2026-01-03 or 2026-01-03T10:00Z.`
  if (source !== '' && !sources.some((one) => one.source === source))
    return 'Choose data that was added, or that an earlier release was started with.'
  if (!policies.some(({ digest }) => digest === policy)) return 'The policy is not one of these any more. Choose again.'
  return undecided === '' || undecided === 'yes' ? null : 'Tick the last box, or leave it empty.'
}

/** @param texts as typed, or what is proposed */
export function startInputs(project: string, choices: StartChoices, texts: StartTexts): Markup {
  const { release = '', evidence, cutoff = '', source = '', policy = '', undecided } = texts
  const radio = (value: NonNullable<typeof evidence>, says: string) =>
    html`<label class="choice"><input type="radio" name="evidence" value="${value}" required${evidence === value && html` checked`}> ${says}</label>`
  return html`<p><label for="release">Id of the release</label>
<input id="release" name="release" required maxlength="80" autocomplete="off" value="${release}" aria-describedby="release-rule">
<span class="note" id="release-rule">The same id is the same release: it is started once. Letters, digits, dots and dashes.</span></p>
<fieldset><legend>The canary is judged on</legend>${radio('live', 'live traffic')}${radio('replay', 'the days after the cutoff, replayed from the data')}</fieldset>
<p><label for="cutoff">Use only data known at</label>
<input id="cutoff" name="cutoff" maxlength="40" autocomplete="off" value="${cutoff}" aria-describedby="cutoff-rule">
<span class="note" id="cutoff-rule">Such as 2026-01-03T10:00Z. Empty: now.</span></p>
<p><label for="source">Data</label>
<select id="source" name="source" aria-describedby="source-rule"><option value="">the project’s own data</option>${choices.sources.map(
    (one) =>
      html`<option value="${one.source}"${one.source === source && html` selected`}>${one.says.slice(0, 200)}</option>`,
  )}</select>
<span class="note" id="source-rule">Other data is added with <code>slipway snapshot add</code>, and can be chosen here afterwards.</span></p>
<fieldset><legend>Policy</legend>${choices.policies.map(
    ({ digest, policy: one, usedBy }) =>
      html`<label class="choice"><input type="radio" name="policy" value="${digest}"${digest === policy && html` checked`}> <strong>${asTyped(one.name, 100)}</strong>, ${
        usedBy === null ? 'of the project' : html`as of release ${asTyped(usedBy, 100)}`
      }: ${policyInWords(one)}</label>`,
  )}<p class="note">Who may promote is as in the policy of the project. <a href="${policyPath(project)}">Simulate a policy</a></p></fieldset>
<p><label class="choice"><input type="checkbox" name="undecided" value="yes"${undecided === 'yes' && html` checked`}> Start it although the live traffic seen may be too little for the policy to decide</label></p>`
}
