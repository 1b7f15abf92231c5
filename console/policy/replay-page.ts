/**
 * A release judged by another policy, from its recorded evidence, as `slipway judge replay` does. It changes nothing.
 */
import { bodiesOf, type RecordedLook } from '../../contracts/ledger/index.js'
import { triggerOf } from '../../contracts/names.js'
import type { ReleaseRunRecord } from '../../registry/index.js'
import { type LookAgain, policyOfRun, type Replayed } from '../../releases/judge-replay.js'
import { html, type Markup, number, table } from '../html.js'
import { badge, instant, typed } from '../parts.js'
import { projectPath, releasePath, replayPath } from '../paths.js'
import { drawIntervals } from '../report/looks-plot.js'
import { type Answered, type Compute, nothingAsked, outcomeOf } from './asking.js'
import { problemBlock } from './form-fields.js'
import { changesBlock, policyInputs, policyOfFields } from './policy-fields.js'

export interface ReplayQuestion {
  /** With its trigger and its looks. */
  readonly run: ReleaseRunRecord
  readonly lossUnit: string | null
  readonly asked: URLSearchParams
  readonly compute: Compute | null
}

/** @throws SlipwayError BadRequest for what is no release run */
export async function replayPage({ run, lossUnit, asked, compute }: ReplayQuestion): Promise<Answered> {
  const recorded = policyOfRun(run)
  const path = replayPath(run.workflowId)
  const typedFields = asked.get('ask') === 'replay' ? asked : null
  const unit = lossUnit ?? 'loss per decision'
  const { result, problem, status } =
    typedFields === null
      ? nothingAsked
      : await outcomeOf(compute, async (ask) => {
          const policy = policyOfFields(recorded, typedFields)
          const replayed = await ask('replay', { run, policy })
          return html`${changesBlock(recorded, policy)}${answer(run, replayed, unit)}`
        })
  const content = html`<div class="head" id="head"><p class="note"><a href="${projectPath(run.project)}">${typed(run.project, 200)}</a> · <a href="${releasePath(run.workflowId)}">${typed(triggerOf(run.workflowId)?.trigger ?? run.workflowId, 200)}</a></p>
<h1>Judge with another policy</h1>
<p>What another policy would have decided at each look of ${typed(run.releaseId ?? run.workflowId, 200)}, from the recorded evidence. Nothing here changes anything.
The traffic was what it was: steps and deadline change when a policy decides, and not which decisions were made.</p></div>
<section id="replay"><h2>The policy</h2>${problemBlock(problem)}
<form method="get" action="${path}#replay" class="fields"><input type="hidden" name="ask" value="replay">
${policyInputs('replay', recorded, typedFields)}
<p class="wide"><button type="submit">Judge again</button></p></form>
${result}</section>`
  return { content, status }
}

function answer(run: ReleaseRunRecord, { looks, verdict, wouldHave }: Replayed, unit: string): Markup {
  const again = looks.flatMap(({ again: judgement }) => (judgement === null ? [] : [{ judgement }]))
  const at = new Set(looks.map(({ asOf }) => asOf))
  const before = bodiesOf(run.entries, 'judgement').filter(
    ({ phase, judgement }) => phase === 'canary' && at.has(judgement.numbers.asOf),
  )
  return html`<div id="result" role="status"><p class="lead">Recorded: ${verdict === null ? 'in progress' : badge(verdict)}.
This policy: ${wouldHave === null ? 'undecided within the recorded looks' : badge(wouldHave)}.</p></div>
${plot('This policy', again, unit)}${plot('As recorded', before, unit)}
${table(
  ['as of', 'recorded', 'this policy', 'effect', 'interval'],
  looks.map((look) => row(look)),
  3,
)}`
}

function plot(title: string, looks: readonly Pick<RecordedLook, 'judgement'>[], unit: string): Markup {
  if (!looks.some(({ judgement }) => judgement.numbers.interval !== null)) return html``
  const { margins } = looks.at(-1)?.judgement.numbers ?? {}
  return html`<h3>${title}</h3><p class="note">Canary minus production, ${unit}. The dashed line is the non-inferiority margin ${number(margins?.nonInferiority)}, the dotted one the harm margin ${number(margins?.harm)}.</p>
<div class="scroll" tabindex="0" role="group" aria-label="Plot: ${title}">${drawIntervals(looks, `difference, ${unit}`)}</div>`
}

const row = ({ asOf, recorded, again, verdict }: LookAgain): (Markup | string)[] => [
  instant(asOf),
  `${recorded.action} (${recorded.reason})`,
  again === null ? '–' : html`${again.action} (${again.reason})${verdict !== null && html` ${badge(verdict)}`}`,
  number(again?.numbers.effect),
  again?.numbers.interval ? `[${again.numbers.interval.map(number).join(', ')}]` : '–',
]
