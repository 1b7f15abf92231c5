import { bodiesOf, isPromotion, ofKind, overrideReason } from '../../../contracts/ledger/index.js'
import { html, type Markup, number } from '../../html.js'
import type { ReportData } from '../report-data.js'

export const VERDICTS: Readonly<Record<string, string>> = {
  promoted: 'It replaced production.',
  held: 'It was held: production was not touched.',
  rolled_back: 'It was rolled back from its canary: production was not touched.',
  aborted: 'An operator aborted it: production was not touched.',
  reverted: 'It was promoted and then reverted: the earlier release is in production again.',
  failed: 'It failed before it could be judged: production was not touched.',
}

/** What a person may change about how long the evidence is gathered. */
const ACTIONS: Readonly<Record<string, string>> = {
  extend: 'Deadline extended',
  promote: 'Window shortened',
}

const interventions = (run: ReportData['run']) =>
  bodiesOf(run.entries, 'operator_action').filter(
    ({ action, accepted, pending }) => accepted && pending === undefined && action in ACTIONS,
  )

/** The verdict and its reason, first on the page. */
export function verdictSection({ run, candidate, production, evaluations, warnings, project }: ReportData): Markup {
  const [verdict] = bodiesOf(run.entries, 'verdict')
  const promotion = run.entries.filter(ofKind('alias_move')).find(isPromotion)
  const override = promotion ? overrideReason(promotion) : null
  const title = project?.title ?? run.project
  const last = evaluations.at(-1)
  const failed = last?.report.gates.filter(({ passed }) => !passed) ?? []
  return html`<header>
<p class="over">${title} · ${run.workflowId}</p>
<h1>${run.releaseId ?? 'No candidate'}${verdict ? html` <span class="badge ${verdict.verdict}">${verdict.verdict}</span>` : html` <span class="badge">in progress</span>`}</h1>
${
  verdict
    ? html`<p class="lead">${VERDICTS[verdict.verdict] ?? ''} <code>${verdict.reason}</code></p><p>${verdict.detail}</p>`
    : html`<p class="lead">It is in stage <code>${run.stage}</code>; this report shows what is recorded so far.</p>`
}
${promotion && override !== null && html`<p><span class="bad">Override</span> ${promotion.body.actor} promoted it before its label window had ended: ${override}</p>`}
${interventions(run).map(({ action, by, reason }) => html`<p><span class="bad">${ACTIONS[action]}</span> by ${by}: ${reason}</p>`)}
${warnings.map((warning) => html`<p><span class="bad">Policy</span> ${warning}</p>`)}
${failed.length > 0 && html`<p>Failed gates: ${failed.map(({ name, detail }) => html`<br><strong>${name}</strong>: ${detail}`)}</p>`}
<dl class="facts">
${fact('started', run.startedAt)}
${run.otherRuns && fact('earlier runs of this release', run.otherRuns.join(', '))}
${fact('candidate', candidate ? `${candidate.releaseId}, ${candidate.manifest.model.kind}, ${candidate.digest}` : 'none')}
${fact('compared with', production ? `${production.releaseId}, ${production.manifest.model.kind}, ${production.digest}` : 'nothing')}
${last && fact('held out', `${last.report.heldOut.from} to ${last.report.heldOut.to}, ${number(last.report.heldOut.rows)} rows`)}
</dl>
</header>`
}

const fact = (name: string, text: string): Markup => html`<div><dt>${name}</dt><dd>${text}</dd></div>`
