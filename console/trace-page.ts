/** The trace as a page: every link with its status and its numbers. */
import type { Trace, TraceLink } from '../serving/trace/types.js'
import { html, type Markup } from './html.js'
import { typed } from './parts.js'

const MARK: Record<TraceLink['status'], string> = {
  intact: '✓',
  broken: '✗',
  absent: '–',
  dropped: '∅',
  unchecked: '?',
}

export function tracePage(trace: Trace): Markup {
  const brokenLinks = trace.links.filter(({ status }) => status === 'broken').map(({ name }) => name)
  return html`<h1>Decision ${typed(trace.decisionId, 200)} of ${typed(trace.project, 200)}</h1>
<p class="outcome ${trace.intact ? 'good' : 'bad'}" role="status">${
    trace.intact ? 'Every link that can be recomputed matches.' : `Broken: ${brokenLinks.join(', ')}.`
  }</p>
<ol class="trace">${trace.links.map(linkItem)}</ol>`
}

function linkItem({ name, status, says, data }: TraceLink): Markup {
  const { url } = data as { url?: string | null }
  return html`<li class="${status}"><span class="mark" aria-hidden="true">${MARK[status]}</span><b>${name.replaceAll('_', ' ')}</b>
<span>${status}</span><br>${says}${url ? html` · <a href="${url}">Temporal Web UI</a>` : ''}
<details><summary>numbers</summary><pre>${JSON.stringify(data, null, 2)}</pre></details></li>`
}
