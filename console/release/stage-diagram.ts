import { spanInWords } from '../../contracts/duration.js'
import { STAGES, type Stage } from '../../contracts/names.js'
import { html, type Markup } from '../html.js'
import type { StageTime } from './stage-times.js'

/** The stages in their order, with the time spent in each. A list, so that it can be read aloud. */
export function stageDiagram(stage: Stage, times: readonly StageTime[], ended: boolean): Markup {
  const spent = new Map(times.map((time) => [time.stage, time]))
  const human = times.reduce((sum, { humanMs }) => sum + humanMs, 0)
  const machine = times.reduce((sum, { machineMs }) => sum + machineMs, 0)
  const step = (name: Stage) => {
    const time = spent.get(name)
    const here = name === stage
    const passed = STAGES.indexOf(name) < STAGES.indexOf(stage)
    const text = here ? (ended ? 'ended' : 'now') : time || (passed && !ended) ? '' : 'not reached'
    return html`<li class="${here ? 'now' : time ? 'past' : 'later'}"${here && html` aria-current="step"`}><strong>${name.replaceAll('_', ' ')}</strong>
${time && html`<span>${spanInWords(time.machineMs)}</span>`}${time && time.humanMs > 0 && html`<br><span class="bad">${spanInWords(time.humanMs)} for a person</span>`} <span class="note">${text}</span></li>`
  }
  return html`<section id="stages"><h2>Stages</h2>
<ol class="stages">${STAGES.map(step)}</ol>
<p>Slipway worked or waited for labels for ${spanInWords(machine)}; ${human > 0 ? html`it waited for a person for <strong>${spanInWords(human)}</strong>` : 'it waited for no person'}.</p></section>`
}
