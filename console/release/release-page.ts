/** One release: its state in a sentence, its stages, and the same sections as its report. */
import { bodiesOf } from '../../contracts/ledger/index.js'
import { triggerOf } from '../../contracts/names.js'
import { actsNext } from '../../releases/acts-next.js'
import { actionLinks } from '../actions/action-links.js'
import { actionOutcome } from '../actions/outcome.js'
import { html, type Markup } from '../html.js'
import { badge, fact, instant, typed } from '../parts.js'
import { projectPath, releasePath, replayPath } from '../paths.js'
import { gatesSection } from '../report/sections/gates-section.js'
import { looksSection } from '../report/sections/looks-section.js'
import { recordSection, tupleSection } from '../report/sections/record-section.js'
import { temporalNote } from '../temporal-note.js'
import type { ReleaseData } from './release-data.js'
import { stageDiagram } from './stage-diagram.js'
import { stageTimes } from './stage-times.js'
import { stateSentence } from './state-sentence.js'

/** The rest is in the report. */
const CAUSE_SHOWN = 2_000

export function releaseContent(data: ReleaseData): Markup {
  const { run, now } = data
  return html`${actionOutcome(data.didEntries, data.did)}
${head(data)}
${actionLinks(data.actions)}
${run.verdict === null && temporalNote(data.temporal)}
${stageDiagram(run.stage, stageTimes(run.entries, now), run.verdict !== null)}
${gatesSection(data)}
${looksSection(data)}
${tupleSection(data)}
${recordSection(data)}`
}

function head({ run, looks, exposure, needs, deadline, project, workflowUrl }: ReleaseData): Markup {
  const path = releasePath(run.workflowId)
  const acts = actsNext(run, needs)
  const [verdict] = bodiesOf(run.entries, 'verdict')
  return html`<div class="head${needs && ' urgent'}" id="head">
<p class="note"><a href="${projectPath(run.project)}">${typed(project?.title ?? run.project, 200)}</a> · ${typed(triggerOf(run.workflowId)?.trigger ?? run.workflowId)}</p>
<h1>${typed(run.releaseId ?? 'No candidate yet', 200)} ${badge(run.verdict ?? run.stage)}</h1>
<p class="lead">${typed(stateSentence(run, exposure, needs))}${run.reason !== null && html` <code>${run.reason}</code>`}</p>
${verdict && html`<p id="cause">${typed(verdict.detail, CAUSE_SHOWN)}</p>`}
<dl class="facts">
${fact('started', instant(run.startedAt))}
${exposure?.nextLook && needs === undefined && fact('next look', instant(exposure.nextLook))}
${deadline !== null && fact('deadline', html`${instant(deadline)}: held if undecided then`)}
${needs && fact('since', instant(needs.since))}
${run.verdict === null && fact('acts next', html`<span class="${acts.who === 'slipway' ? '' : 'bad'}">${acts.text}</span>`)}
</dl>
<p><a href="${path}/report">Report</a> · <a href="${path}/record" download>Evidence and record (JSON lines)</a>${looks.length > 0 && html` · <a href="${replayPath(run.workflowId)}">Judge with another policy</a>`}${workflowUrl !== null && html` · <a href="${workflowUrl}" rel="noreferrer">Temporal Web UI</a>`}</p>
</div>`
}
