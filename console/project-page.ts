/** The releases of one project, newest first. */
import { rollbackKey } from '../contracts/ledger/index.js'
import { releaseWorkflowId, triggerOf } from '../contracts/names.js'
import type { AliasMoveRecord, Registry, ReleaseRunSummary } from '../registry/index.js'
import { Refused } from '../serving/refused.js'
import { rollbackOutcome, startOutcome } from './actions/outcome.js'
import { html, type Markup, table } from './html.js'
import { badge, instant, pageLinks, typed } from './parts.js'
import { historyPath, labelsPath, policyPath, projectPath, releasePath, rollbackPath, startPath } from './paths.js'

const SHOWN = 50

export interface ProjectRequest {
  readonly project: string
  /** Only runs before this one; null for the newest. */
  readonly before: string | null
  /** The rollback that the page shows the outcome of. */
  readonly did: string | null
  /** Id of the release that was started by the form. */
  readonly started: string | null
  /** A project of this service may have no ledger yet. */
  readonly known: readonly string[]
}

/** @throws Refused when there is no such project */
export async function projectContent(
  registry: Registry,
  { project, before, did, started, known }: ProjectRequest,
): Promise<Markup> {
  const [{ moves }, runs] = await Promise.all([
    registry.fleet.read({ projects: [project], runs: [] }),
    registry.runs.list(project, { limit: SHOWN + 1, ...(before === null ? {} : { before }) }),
  ])
  if (moves.length === 0 && runs.length === 0 && !known.includes(project))
    throw new Refused('unknown_project', `project "${project}" is unknown`)
  const newestFirst = [...runs].reverse()
  const shown = newestFirst.slice(0, SHOWN)
  const last = shown.at(-1)
  const older = newestFirst.length > SHOWN && last
  const production = moves.find(({ alias }) => alias === 'production')
  const triggers =
    started === null
      ? []
      : await registry.ledger.entries(project, { kind: 'trigger', subject: releaseWorkflowId(project, started) })
  const made = did === null ? [] : await rollbackMade(registry, project, did)
  return html`<h1>${typed(project, 200)}</h1>
${rollbackOutcome(made, did)}${startOutcome(triggers, started)}
<section id="production"><h2>Production</h2>${
    production?.to
      ? html`<p><strong>${typed(production.to, 200)}</strong> since ${instant(production.at)}, moved by ${typed(production.actor, 200)}: ${typed(production.reason, 300)}</p>
<p><a class="button" href="${rollbackPath(project)}">Roll back</a> <span class="note">shows its consequence first</span> · <a href="${historyPath(project)}">Production history</a> · <a href="${labelsPath(project)}">Labels</a></p>`
      : html`<p>None yet: its first release is being set up.</p>`
  }</section>
<p id="more"><a class="button" href="${startPath(project)}">Start a release</a> <span class="note">shows its consequence first</span> · <a href="${policyPath(project)}">Policy: plan and simulate</a></p>
<section id="releases"><h2>Releases</h2>
${shown.length === 0 ? html`<p>None yet. Start one with <code>slipway release start ${project}</code>.</p>` : table(['run', 'release', 'started', 'state', 'reason'], shown.map(row))}
${pageLinks(before === null ? null : projectPath(project), older ? `${projectPath(project)}?before=${encodeURIComponent(older.workflowId)}` : null)}</section>`
}

async function rollbackMade(registry: Registry, project: string, id: string): Promise<AliasMoveRecord[]> {
  const place = await registry.ledger.placeOf(project, rollbackKey(id))
  return place === null ? [] : registry.aliases.newest(project, { most: 1, before: place + 1 })
}

/** The link is named after the run: a release may have several. */
const row = (run: ReleaseRunSummary) => [
  html`<a href="${releasePath(run.workflowId)}">${typed(triggerOf(run.workflowId)?.trigger ?? run.workflowId, 120)}</a>`,
  typed(run.releaseId ?? '–', 120),
  instant(run.startedAt),
  badge(run.verdict ?? run.stage),
  typed(run.reason ?? '', 200),
]
