/** Production over time: who moved it when, how releases compare, and the way back. */
import type { AliasMoveRecord } from '../../registry/index.js'
import { html, type Markup, number, table } from '../html.js'
import { instant, pageLinks, typed } from '../parts.js'
import { historyPath, projectPath, releasePath, rollbackPath } from '../paths.js'
import { tupleTable } from '../tuple-table.js'
import type { History } from './history-data.js'
import { drawMetric, drawTimeline } from './history-plots.js'

export function historyContent(history: History): Markup {
  const { project, problem } = history
  return html`<p class="note"><a href="${projectPath(project)}">${typed(project, 200)}</a></p><h1>Production history</h1>
${problem !== null && html`<p class="warning" role="alert" id="problem">${typed(problem, 500)}</p>`}
${timelineSection(history)}
${atSection(history)}
${metricSection(history)}
${differenceSection(history)}`
}

function timelineSection({ project, production, moves, more, until, query }: History): Markup {
  const newest = query.before === null ? null : historyPath(project)
  if (moves.length === 0) {
    const none = newest ? 'No alias moved before.' : 'No alias moved yet: the first release is being set up.'
    return html`<section id="timeline"><h2>Aliases</h2><p>${none}</p>${pageLinks(newest, null)}</section>`
  }
  const first = moves[0]
  return html`<section id="timeline"><h2>Aliases</h2>
<div class="scroll" tabindex="0" role="group" aria-label="Plot">${drawTimeline(moves, until)}</div>
${table(
  ['at', 'alias', 'from', 'to', 'by', 'reason', ''],
  [...moves].reverse().map((move) => moveRow({ project, production }, move)),
)}
${pageLinks(newest, more && first ? `${historyPath(project)}?before=${first.seq}` : null)}</section>`
}

const moveRow = (
  { project, production }: Pick<History, 'project' | 'production'>,
  { at, alias, from, to, actor, reason, workflowId }: AliasMoveRecord,
) => [
  instant(at),
  alias,
  typed(from ?? '–', 120),
  html`<strong>${typed(to ?? '–', 120)}</strong>`,
  workflowId !== null && actor === workflowId
    ? html`<a href="${releasePath(workflowId)}">its release</a>`
    : typed(actor, 120),
  typed(reason, 200),
  alias === 'production' && from !== null && from !== production
    ? html`<a href="${rollbackPath(project, from)}">Roll back to ${typed(from, 120)}</a>`
    : '',
]

function atSection({ project, production, query, found }: History): Markup {
  return html`<section id="at"><h2>Production at a time</h2>
<form method="get" action="${historyPath(project)}" class="ask"><label for="at-time">Date, or date and time (UTC)</label>
<input id="at-time" name="at" required maxlength="40" value="${query.at ?? ''}" placeholder="2026-01-03T10:00Z"> <button type="submit">Show</button></form>
${
  found &&
  html`<p class="outcome" id="found">At ${instant(found.at)} ${
    found.release === null
      ? 'nothing was in production.'
      : html`<strong>${typed(found.release, 200)}</strong> was in production${found.release === production ? ', and is now.' : html`. <a href="${rollbackPath(project, found.release)}">Roll back to it</a>`}`
  }</p>`
}</section>`
}

function metricSection({ project, query, evaluations }: History): Markup {
  const names = [...new Set(evaluations.flatMap(({ metrics }) => Object.keys(metrics.candidate)))]
  const chosen = names.find((name) => name === query.metric) ?? names.find((name) => name === 'loss') ?? names[0]
  if (chosen === undefined)
    return html`<section id="metric"><h2>Releases compared</h2><p>No candidate was evaluated yet.</p></section>`
  const others = names.filter((name) => name !== chosen)
  const rows = [...evaluations]
    .reverse()
    .map(({ at, workflowId, releaseId, production, decision, metrics }) => [
      instant(at),
      html`<a href="${releasePath(workflowId)}">${typed(releaseId, 120)}</a>`,
      decision,
      typed(production, 120),
      number(metrics.candidate[chosen]),
      number(metrics.production[chosen]),
    ])
  return html`<section id="metric"><h2>${chosen} across releases</h2>
<p class="note">On held-out data of each evaluation: candidate (filled where it passed the gates) and the production of then. ${
    others.length > 0 &&
    html`Other metrics: ${others.map((name) => html`<a href="${historyPath(project)}?metric=${encodeURIComponent(name)}">${name}</a> `)}`
  }</p>
<div class="scroll" tabindex="0" role="group" aria-label="Plot">${drawMetric(evaluations, chosen)}</div>
${table(['at', 'candidate', 'decision', 'against', chosen, 'production'], rows, 4)}</section>`
}

function differenceSection({ project, productions, compared, query }: History): Markup {
  const [newest, before] = productions
  const chooser = (name: 'a' | 'b', chosen: string | undefined, label: string) =>
    html`<label>${label} <input name="${name}" required maxlength="200" list="releases" value="${query[name] ?? chosen ?? ''}"></label>`
  return html`<section id="difference"><h2>Difference of two releases</h2>
<form method="get" action="${historyPath(project)}" class="ask">${chooser('a', newest, 'Release')} ${chooser('b', before, 'beside')}
<datalist id="releases">${productions.slice(0, 100).map((name) => html`<option value="${name}"></option>`)}</datalist> <button type="submit">Compare</button></form>
${compared && tupleTable([compared[0].releaseId, compared[1].releaseId], compared)}</section>`
}
