import { html, type Markup } from './html.js'
import { typed } from './parts.js'
import type { TemporalSeen } from './temporal-seen.js'

/** What is not shown because Temporal does not answer. Empty when it does. */
export function temporalNote({ state, problem }: TemporalSeen): Markup {
  switch (state) {
    case 'reachable':
      return html``
    case 'asking':
      return html`<p class="note" id="temporal">Temporal is being asked about closed runs and workers.</p>`
    case 'none':
      return html`<p class="note" id="temporal">This service has no Temporal server: runs that ended in Temporal alone are not shown.</p>`
    case 'away':
      return html`<p class="warning" id="temporal"><strong>Temporal is away.</strong> Production answers, and what is shown here comes from the
registry. Closed runs and missing workers are not shown until it is back. ${typed(problem ?? '', 300)}</p>`
  }
}
