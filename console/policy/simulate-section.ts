/** How often a policy promotes, rolls back and holds, as `slipway judge simulate` estimates it. */
import { above, between, whole } from '../../contracts/text-rules.js'
import type { PromotionPolicy } from '../../contracts/types.js'
import type { PolicyReport } from '../../releases/policy/policy-job.js'
import { segmentsRule, tailRule } from '../../releases/policy/policy-rules.js'
import { streamOf } from '../../releases/policy/simulate-policy.js'
import { html, type Markup, number } from '../html.js'
import { percent } from '../parts.js'
import { type Compute, nothingAsked, type Outcome, outcomeOf, wrongFields } from './asking.js'
import { fieldProblem, inputsOf, optional, problemBlock, readFields } from './form-fields.js'
import { changesBlock, policyInputs, policyOfFields } from './policy-fields.js'
import { RUNS, SEED } from './simulation-size.js'
import { effectName, verdictFigures } from './verdict-figures.js'

const FIELDS = {
  traffic: { label: 'decisions per day', hint: 'Both arms together.', initial: '', rule: whole(2, 1e9) },
  rate: {
    label: 'share that incurs a loss',
    hint: 'A share of production’s decisions, such as 0.12.',
    initial: '',
    rule: above(0, 1),
  },
  effect: {
    label: 'effect of the candidate',
    hint: 'Relative change of its loss: 0.1 is 10 % worse.',
    initial: '',
    rule: above(-1, 1000),
  },
  cost: { label: 'loss of one wrong decision', hint: 'In the unit of the project.', initial: '1', rule: above(0, 1e9) },
  tail: {
    label: 'distribution of the losses',
    hint: 'lognormal:SIGMA, pareto:INDEX or disasters:SHARE:TIMES. Empty: binary.',
    initial: '',
    rule: optional(tailRule),
  },
  visits: {
    label: 'decisions of an entity in 30 days',
    hint: 'Above 1, entities return.',
    initial: '1',
    rule: above(0, 1e4),
  },
  icc: { label: 'correlation within an entity', initial: '0.1', rule: between(0, 0.999) },
  daySd: {
    label: 'the effect differs from day to day by',
    hint: 'Standard deviation, relative to the loss.',
    initial: '0',
    rule: between(0, 10),
  },
  coverage: { label: 'share that gets a label', initial: '1', rule: above(0, 1) },
  segment: {
    label: 'segments',
    hint: 'NAME:SHARE or NAME:SHARE:EFFECT for each segment of the policy, with commas: its share of the traffic, and the relative change of the loss there. Empty: not simulated.',
    initial: '',
    rule: optional(segmentsRule),
    longest: 2_000,
  },
  shadowDiffering: {
    label: 'shadow differing',
    hint: 'Share of the requests on which the candidate’s loss is another than production’s: releases that begin in the shadow of the policy are simulated too. Empty: not.',
    initial: '',
    rule: optional(above(0, 1)),
  },
  runs: RUNS,
  seed: SEED,
}

/** @param asked null: another form was sent */
export async function simulateSection(
  path: string,
  base: PromotionPolicy,
  asked: URLSearchParams | null,
  compute: Compute | null,
) {
  const fields = readFields(FIELDS, asked)
  const { values } = fields
  const wrong = fieldProblem(fields, FIELDS)
  const outcome: Outcome =
    wrong !== null
      ? wrongFields(wrong)
      : values === null || asked === null
        ? nothingAsked
        : await outcomeOf(compute, async (ask) => {
            const policy = policyOfFields(base, asked)
            const { traffic, rate, effect, cost, runs, seed, shadowDiffering, ...unkind } = values
            const shadow = shadowDiffering === undefined ? {} : { shadowDiffering }
            const stream = streamOf({ ...unkind, rate, dayCorrelation: 0 })
            const assumptions = { traffic, rate, effect, cost, runs, seed, ...shadow, ...(stream ? { stream } : {}) }
            const report = await ask('simulate', { policy, ...assumptions })
            return html`${changesBlock(base, policy)}${simulated(report, policy)}`
          })
  const content = html`<section id="simulate"><h2>Simulate a policy</h2>
<p class="note">Candidates whose true effect is known, under the policy of this project or with changed fields. The same as <code>slipway judge simulate</code>.</p>
${problemBlock(outcome.problem)}
<form method="get" action="${path}#simulate" class="fields"><input type="hidden" name="ask" value="simulate">
<fieldset><legend>The traffic</legend>${inputsOf('simulate', FIELDS, fields)}</fieldset>
<fieldset><legend>The policy</legend>${policyInputs('simulate', base, asked)}</fieldset>
<p class="wide"><button type="submit">Simulate</button></p></form>
${outcome.result}</section>`
  return { content, status: outcome.status }
}

function simulated(report: PolicyReport, { segments }: PromotionPolicy): Markup {
  const {
    stream,
    shadow,
    effect,
    same,
    worstAllowed,
    asked,
    falsePromotion,
    detection,
    daysToDetection,
    information,
    warning,
  } = report
  const inHundred = (share: number) => number(Number((share * 100).toFixed(1)))
  return html`<div id="result" role="status">
<p class="lead">A candidate that must not be promoted is promoted in ${inHundred(falsePromotion)} of 100 canaries${
    detection !== null &&
    html`; one that is ${effectName(effect)} is ${effect > 0 ? 'rolled back' : 'promoted'} in ${inHundred(detection)} of 100, after ${daysToDetection ?? '–'} days (median)`
  }.</p>
${warning !== null && html`<p class="warning">${warning}</p>`}
${segments && !stream?.segments && html`<p class="note">Segments of the policy are not simulated: name the share of each to simulate them.</p>`}
<p class="note">Information by the deadline, for <code>groupSequential.plannedInformation</code>: ${number(information)}.</p></div>
${verdictFigures([
  { name: 'the same', rates: same },
  { name: `at the margin (${effectName(worstAllowed.effect)})`, rates: worstAllowed },
  { name: `as asked (${effectName(effect)})`, rates: asked },
])}${shadow && inShadow(shadow, effect, worstAllowed.effect)}`
}

function inShadow(shadow: NonNullable<PolicyReport['shadow']>, effect: number, worst: number): Markup {
  const { differing, same, worstAllowed, asked, notJudged, canaryAlone, daysSaved } = shadow
  return html`<h3>Releases that begin in the shadow</h3>
<p>The candidate’s loss is another for ${percent(differing * 10_000)} of the requests, and days count from the opening of the shadow.
It ${daysSaved >= 0 ? 'saves' : 'costs'} ${number(Math.abs(daysSaved))} days (median, against no shadow).</p>
${verdictFigures([
  { name: 'the same', rates: same },
  { name: `at the margin (${effectName(worst)})`, rates: worstAllowed },
  { name: `as asked (${effectName(effect)})`, rates: asked },
  { name: 'as asked, the shadow not judged', rates: notJudged },
  { name: 'as asked, without a shadow', rates: canaryAlone },
])}`
}
