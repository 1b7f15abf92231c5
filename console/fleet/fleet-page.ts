/** All projects at a glance: what needs attention first, then each project. */

import { actsNext } from '../../releases/acts-next.js'
import type { Attention } from '../../releases/attention.js'
import { html, type Markup } from '../html.js'
import { badge, fact, instant, percent, typed } from '../parts.js'
import { projectPath, releasePath } from '../paths.js'
import { temporalNote } from '../temporal-note.js'
import type { Fleet, FleetProject, FleetRun } from './fleet-data.js'

/** The rest is on the page of the release. */
const TEXT_SHOWN = 240
const ATTENTION_SHOWN = 20

export const fleetPath = (page: number): string => (page === 1 ? '/' : `/?page=${page}`)

export function fleetContent(fleet: Fleet): Markup {
  const { projects, total } = fleet
  if (total === 0)
    return html`<h1>Projects</h1>
<p>The registry holds no project yet. Register the first production release of one with <code>slipway project init NAME</code>; <code>slipway up</code>
and <code>slipway demo</code> do it by themselves.</p>`
  return html`<h1>Projects</h1>
${temporalNote(fleet.temporal)}
${attentionSection(fleet.attention)}
<section id="projects" aria-labelledby="projects-title"><h2 id="projects-title">${total === 1 ? '1 project' : `${total} projects`}</h2>
${setUpNote(projects)}
<div class="cards">${projects.map(projectCard)}</div>
${pagesNav(fleet)}</section>`
}

function attentionSection(attention: readonly Attention[]): Markup {
  if (attention.length === 0)
    return html`<section id="attention"><h2>Attention</h2><p class="good">No release needs attention.</p></section>`
  const more = attention.length - ATTENTION_SHOWN
  return html`<section id="attention" class="urgent"><h2>Needs attention: ${attention.length}</h2>
<ul>${attention.slice(0, ATTENTION_SHOWN).map(attentionItem)}</ul>
${more > 0 && html`<p>${more} more: <code>slipway release list --needs-attention</code></p>`}</section>`
}

const attentionItem = ({ project, workflowId, text, since }: Attention): Markup =>
  html`<li><a href="${releasePath(workflowId)}">${typed(project, 80)}: ${typed(nameOf(workflowId), 80)}</a> ${typed(text, TEXT_SHOWN)} <span class="note">since ${instant(since)}</span></li>`

/** The trigger's id: project and `release/` are beside it. */
const nameOf = (workflowId: string): string => workflowId.split('/').slice(2).join('/') || workflowId

/** What is left of the set-up, in the order in which it is done. */
const setUpText = ({ begun }: Pick<FleetProject, 'begun'>): string =>
  begun
    ? 'none yet: its data are imported, its first release is being trained'
    : 'none yet: its data are being imported'

function setUpNote(projects: readonly FleetProject[]): Markup {
  const ready = projects.filter(({ production }) => production?.to).length
  if (ready === projects.length) return html``
  return html`<p class="note">${ready} of ${projects.length} projects have a release in production. A project that is set up for the first time trains one: <code>slipway up</code> and
<code>slipway demo</code> do it one after the other; elsewhere <code>slipway project init NAME</code> does.</p>`
}

function projectCard({ name, production, begun, runs, moreRuns, newest }: FleetProject): Markup {
  const needed = runs.some(({ needs }) => needs !== undefined)
  return html`<article class="card${needed && ' urgent'}"><h3><a href="${projectPath(name)}">${typed(name, 80)}</a></h3>
<dl class="facts">
${
  production?.to
    ? fact('production', html`<strong>${typed(production.to, 80)}</strong> since ${instant(production.at)}`)
    : fact('production', setUpText({ begun }))
}
${runs.length === 0 && fact('candidate', 'none')}
</dl>
${runs.map(runBlock)}
${moreRuns > 0 && html`<p class="note"><a href="${projectPath(name)}">${moreRuns} more in progress</a></p>`}
${
  newest?.verdict &&
  html`<p class="note">Newest release: <a href="${releasePath(newest.workflowId)}">${typed(newest.releaseId ?? nameOf(newest.workflowId), 80)}</a> ${badge(newest.verdict)} ${typed(newest.reason ?? '', 120)}</p>`
}</article>`
}

function runBlock({ run, exposure, needs }: FleetRun): Markup {
  const acts = actsNext(run, needs)
  return html`<dl class="facts run">
${fact('candidate', html`<a href="${releasePath(run.workflowId)}">${typed(run.releaseId ?? nameOf(run.workflowId), 80)}</a> ${badge(run.stage)}`)}
${exposure && fact('traffic', html`${percent(exposure.candidateShare)}${exposure.phase === 'shadow' && ' (shadow: production answers)'}`)}
${exposure?.nextLook && needs === undefined && fact('next look', instant(exposure.nextLook))}
${fact('acts next', html`<span class="${acts.who === 'slipway' ? '' : 'bad'}">${acts.text}</span>`)}
${needs && fact('cause', html`${typed(needs.text, TEXT_SHOWN)}, since ${instant(needs.since)}`)}
</dl>`
}

function pagesNav({ page, pages }: Fleet): Markup {
  if (pages === 1) return html``
  return html`<nav class="pages" aria-label="Pages">
${page > 1 && html`<a rel="prev" href="${fleetPath(page - 1)}">Previous</a>`}
<span>Page ${page} of ${pages}</span>
${page < pages && html`<a rel="next" href="${fleetPath(page + 1)}">Next</a>`}</nav>`
}
