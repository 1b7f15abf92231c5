/** Policies of a project before they are used: planned for known traffic, and simulated. It changes nothing. */
import type { PromotionPolicy } from '../../contracts/types.js'
import { html } from '../html.js'
import { typed } from '../parts.js'
import { policyPath, projectPath } from '../paths.js'
import type { Answered, Compute } from './asking.js'
import { planSection } from './plan-section.js'
import { simulateSection } from './simulate-section.js'

export interface PolicyQuestion {
  readonly project: string
  /** The policy of the project. */
  readonly policy: PromotionPolicy
  readonly asked: URLSearchParams
  readonly compute: Compute | null
}

export async function policyPage({ project, policy, asked, compute }: PolicyQuestion): Promise<Answered> {
  const path = policyPath(project)
  const of = (ask: string) => (asked.get('ask') === ask ? asked : null)
  // One of them computes at most.
  const simulation = await simulateSection(path, policy, of('simulate'), compute)
  const plan = await planSection(path, of('plan'), compute)
  const content = html`<div class="head" id="head"><p class="note"><a href="${projectPath(project)}">${typed(project, 200)}</a></p>
<h1>Policy</h1>
<p>What a policy would do, before a release is judged by it. Nothing here changes anything. To judge a release of the past by another policy, open the release.</p></div>
${simulation.content}${plan.content}`
  return { content, status: Math.max(simulation.status, plan.status) }
}
