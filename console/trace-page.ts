/** The trace as a page without external resources: every link with its status and its numbers. */
import type { Trace, TraceLink } from '../serving/trace/types.js'
import { html, Markup } from './html.js'

const MARK: Record<TraceLink['status'], string> = {
  intact: '✓',
  broken: '✗',
  absent: '–',
  dropped: '∅',
  unchecked: '?',
}

const STYLE = new Markup(`
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1b1f24 }
  h1 { font-size: 1.3rem; overflow-wrap: anywhere } code, pre { font: 12.5px/1.45 ui-monospace, monospace }
  ol { list-style: none; padding: 0; border-left: 2px solid #d5dae1; margin-left: .6rem }
  li { position: relative; padding: .1rem 0 .9rem 1.6rem }
  li > b { text-transform: capitalize } pre { background: #f5f7f9; padding: .7rem; overflow: auto; max-height: 24rem }
  .mark { position: absolute; left: -.78rem; width: 1.4rem; height: 1.4rem; border-radius: 50%; text-align: center; color: #fff;
    line-height: 1.4rem; background: #8a94a0 } .intact .mark { background: #1a7f37 } .broken .mark { background: #c62828 }
  .broken { color: #c62828 } .verdict { padding: .5rem .8rem; border-radius: 6px; background: #e6f4ea } .verdict.broken { background: #fdecea }
  summary { cursor: pointer; color: #57606a } a { color: #0b57d0 }
  @media (prefers-color-scheme: dark) { body { background: #14171a; color: #dde3ea } pre { background: #1e2328 }
    .verdict { background: #12361f } .verdict.broken { background: #4a1512 } a { color: #8ab4f8 } .broken { color: #ff8a80 } }`)

export function tracePage(trace: Trace): string {
  const brokenLinks = trace.links.filter(({ status }) => status === 'broken').map(({ name }) => name)
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Decision ${trace.decisionId}</title><style>${STYLE}</style></head>
<body>
<h1>Decision <code>${trace.decisionId}</code> of ${trace.project}</h1>
<p class="verdict ${trace.intact ? '' : 'broken'}">${
    trace.intact ? 'Every link that can be recomputed matches.' : `Broken: ${brokenLinks.join(', ')}.`
  }</p>
<ol>${trace.links.map(linkItem)}</ol>
</body></html>`.text
}

function linkItem({ name, status, says, data }: TraceLink): Markup {
  const { url } = data as { url?: string | null }
  return html`<li class="${status}"><span class="mark" title="${status}">${MARK[status]}</span><b>${name.replaceAll('_', ' ')}</b>
<span>${status}</span><br>${says}${url ? html` · <a href="${url}">Temporal Web UI</a>` : ''}
<details><summary>numbers</summary><pre>${JSON.stringify(data, null, 2)}</pre></details></li>`
}
