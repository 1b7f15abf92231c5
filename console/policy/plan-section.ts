/** A policy for known traffic, as `slipway judge plan` proposes it. */
import { above, whole } from '../../contracts/text-rules.js'
import type { PolicyPlan } from '../../releases/policy/plan-policy.js'
import { horizonRule, rampRule } from '../../releases/policy/policy-rules.js'
import { html, type Markup } from '../html.js'
import { percent } from '../parts.js'
import { type Compute, nothingAsked, type Outcome, outcomeOf, wrongFields } from './asking.js'
import { fieldProblem, inputsOf, problemBlock, readFields } from './form-fields.js'
import { RUNS, SEED } from './simulation-size.js'
import { effectName, verdictFigures } from './verdict-figures.js'

const FIELDS = {
  perDay: { label: 'decisions per day', hint: 'Both arms together.', initial: '', rule: whole(2, 1e9) },
  rate: {
    label: 'share that incurs a loss',
    hint: 'A share of production’s decisions, such as 0.12.',
    initial: '',
    rule: above(0, 1),
  },
  smallestEffect: {
    label: 'smallest effect',
    hint: 'Relative change of the loss that matters: 0.1 is 10 %.',
    initial: '',
    rule: above(0, 10),
  },
  horizon: { label: 'label horizon', hint: 'Until a label is final.', initial: '7d', rule: horizonRule },
  ramp: { label: 'ramp', hint: 'Shares of the canary in percent.', initial: '5,25,50', rule: rampRule },
  runs: RUNS,
  seed: SEED,
}

/** @param asked null: another form was sent */
export async function planSection(path: string, asked: URLSearchParams | null, compute: Compute | null) {
  const fields = readFields(FIELDS, asked)
  const { values } = fields
  const wrong = fieldProblem(fields, FIELDS)
  const outcome: Outcome =
    wrong !== null
      ? wrongFields(wrong)
      : values === null
        ? nothingAsked
        : await outcomeOf(compute, async (ask) => planned(path, await ask('plan', values)))
  const content = html`<section id="plan"><h2>Plan a policy</h2>
<p class="note">For traffic that you know: steps, margins and a deadline that can show the change that matters. The same as <code>slipway judge plan</code>.</p>
${problemBlock(outcome.problem)}
<form method="get" action="${path}#plan" class="fields"><input type="hidden" name="ask" value="plan">
${inputsOf('plan', FIELDS, fields)}
<p class="wide"><button type="submit">Plan</button></p></form>
${outcome.result}</section>`
  return { content, status: outcome.status }
}

function planned(path: string, plan: PolicyPlan): Markup {
  const { policy, exposedDays, perDay, rate, smallestEffect, candidates } = plan
  const { judge, steps, deadline, labelHorizon } = policy
  const shares = steps.map(({ weight }) => percent(weight)).join(', then ')
  const text = JSON.stringify(policy, null, 2)
  return html`<div id="result" role="status"><h3>Proposed: ${policy.name}</h3>
<p>The canary gets ${shares} of the traffic, each for at least a day, for ${exposedDays} days at most. Labels are final after ${labelHorizon};
${deadline} after the opening an undecided canary is extended once, then held. It is promoted when it is shown to be less than
${judge.nonInferiorityMargin} per decision worse than production, and rolled back when it is shown to be more than ${judge.harmMargin} worse.
Each arm needs ${judge.minMature} final labels first.</p></div>
${verdictFigures(candidates.map(({ effect, rates }) => ({ name: effectName(effect), rates })))}
<details><summary>The policy as JSON</summary><pre tabindex="0">${text}</pre></details>
<form method="get" action="${path}#simulate" class="ask">${hidden({
    ask: 'simulate',
    traffic: perDay,
    rate,
    effect: smallestEffect,
    cost: 1,
    visits: 10,
    icc: 0.1,
    daySd: 0.1,
    coverage: 1,
    runs: 100,
    seed: 1,
    changes: JSON.stringify(policy),
  })}<button type="submit">Simulate it where entities return and days differ</button></form>`
}

const hidden = (fields: Readonly<Record<string, string | number>>): Markup =>
  html`${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${String(value)}">`)}`
