/** Labels of a project: how long they take, which of them have no decision, and which were corrected. */
import { spanInWords } from '../../contracts/duration.js'
import type { CorrectedLabel, EarlyLabel, OutcomeRow } from '../../registry/index.js'
import { html, type Markup, number, table } from '../html.js'
import { instant, pageLinks, typed } from '../parts.js'
import { labelsPath, projectPath, releasePath, tracePath } from '../paths.js'
import { labelLagBlock } from '../report/sections/label-lag-block.js'
import type { LabelsData, LabelsQuery } from './labels-data.js'

export function labelsContent(data: LabelsData): Markup {
  const { project } = data
  return html`<p class="note"><a href="${projectPath(project)}">${typed(project, 200)}</a></p><h1>Labels</h1>
${lagSection(data)}
${earlySection(data)}
${correctedSection(data)}
<section id="trace"><h2>Trace of a decision</h2>
<form method="get" action="/v1/decisions/trace" class="ask"><label for="trace-id">Decision id</label>
<input id="trace-id" name="id" required maxlength="400"><input type="hidden" name="project" value="${project}"> <button type="submit">Show</button></form></section>`
}

function lagSection({ look }: LabelsData): Markup {
  if (look === null)
    return html`<section id="lag"><h2>How long labels take</h2><p>No look has counted labels yet: the first look of a canary does.</p></section>`
  return html`<section id="lag"><h2>How long labels take</h2>
<p>As counted by the newest look of <a href="${releasePath(look.workflowId)}">${typed(look.workflowId, 200)}</a>.</p>
${labelLagBlock(look.body)}</section>`
}

function earlySection({ project, early, query }: LabelsData): Markup {
  const { labels, counted, unjoined, complete, next } = early
  const joined = counted - unjoined
  if (counted === 0)
    return html`<section id="early"><h2>Labels before their decision</h2>
<p>${query.early === null && complete ? 'None: each label found its decision.' : 'None in this part.'}</p>${listLinks(project, query, 'early', next)}</section>`
  return html`<section id="early"><h2>Labels before their decision</h2>
<p>${complete ? '' : 'Among the newest: '}<strong class="${unjoined > 0 ? 'bad' : ''}">${number(unjoined)} unjoined</strong>, whose decision has not arrived; ${number(joined)} early, whose decision arrived afterwards.</p>
<p class="note">An unjoined label counts for nothing until its decision arrives. Many of them show that the sender of labels uses other ids than the
decisions have.</p>
${table(['delivered', 'decision', 'state', 'label', 'observed'], labels.map(earlyRow(project)))}
${listLinks(project, query, 'early', next)}</section>`
}

const earlyRow =
  (project: string) =>
  ({ decisionId, label, observedAt, writtenAt, decision }: EarlyLabel): (Markup | string)[] => [
    at(writtenAt),
    decision === null ? typed(decisionId, 120) : traceLink(project, decisionId),
    decision === null ? html`<span class="bad">unjoined</span>` : html`early: its decision is of ${decision.day}`,
    labelText(label),
    at(observedAt),
  ]

function correctedSection({ project, corrections, query }: LabelsData): Markup {
  const { labels, count, from, complete, next } = corrections
  if (count === 0)
    return html`<section id="corrected"><h2>Corrected labels</h2>
<p>None ${complete ? html`since ${from}` : 'among those that were read'}.</p>${listLinks(project, query, 'corrected', next)}</section>`
  return html`<section id="corrected"><h2>Corrected labels</h2>
<p><strong>${complete ? '' : 'At least '}${number(count)}</strong> since ${from}${query.corrected === null ? '' : ', before those of the page before'}.</p>
<p class="note">Days that are not mature use the newest label at the next look. A label that was corrected after its day was judged changes no verdict; it is counted in
the record of the release.</p>
${table(['delivered', 'decision', 'release', 'version', 'label', 'loss', 'observed after'], labels.map(correctedRow(project)), 5)}
${listLinks(project, query, 'corrected', next)}</section>`
}

const correctedRow =
  (project: string) =>
  ({ decisionId, workflowId, version, label, loss, previous, observedAt, writtenAt }: CorrectedLabel) => [
    at(writtenAt),
    traceLink(project, decisionId),
    workflowId === null ? '–' : html`<a href="${releasePath(workflowId)}">${typed(workflowId, 120)}</a>`,
    String(version),
    html`${previous === null ? '?' : labelText(previous.label)} → ${labelText(label)}`,
    `${previous === null ? '?' : number(previous.loss)} → ${number(loss)}`,
    previous === null ? '–' : after(observedAt - previous.observedAt),
  ]

const after = (ms: number): string => (ms >= 0 ? spanInWords(ms) : `${spanInWords(-ms)} before`)

const at = (epochMs: number): Markup => instant(new Date(epochMs).toISOString())

const traceLink = (project: string, id: string): Markup =>
  html`<a href="${tracePath(project, id)}">${typed(id, 120)}</a>`

function labelText(label: OutcomeRow['label']): Markup {
  if (typeof label === 'number') return html`${number(label)}`
  const parts = Object.entries(label).map(([name, value]) => `${name} ${number(value)}`)
  return typed(parts.join(', '), 200)
}

/** The other list stays where it is. @param next where the next page of one list begins; null: there is none */
function listLinks(project: string, query: LabelsQuery, name: 'early' | 'corrected', next: string | null): Markup {
  const pageFrom = (place: string | null) => {
    const asked = Object.entries({ ...query, [name]: place }).filter(
      (pair): pair is [string, string] => pair[1] !== null,
    )
    return `${labelsPath(project)}?${String(new URLSearchParams(asked))}#${name}`
  }
  const label = `Pages of ${name === 'early' ? 'labels before their decision' : 'corrected labels'}`
  return pageLinks(query[name] === null ? null : pageFrom(null), next === null ? null : pageFrom(next), label)
}
