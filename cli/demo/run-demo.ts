import { setTimeout as sleep } from 'node:timers/promises'
import { errorText } from '../../contracts/error-text.js'
import { isLive } from '../../contracts/evidence-source.js'
import { bodiesOf } from '../../contracts/ledger/index.js'
import type { DemoCandidate, Project } from '../../projects/project.js'
import { followRun } from '../../releases/follow-run.js'
import { startRelease } from '../../releases/start-release.js'
import { table } from '../runtime/output.js'
import { workflowUrl } from '../runtime/platform.js'
import type { Session } from '../runtime/session.js'
import { setUpText } from '../runtime/set-up-projects.js'
import { entryText } from '../views/release-view.js'
import { answerPause } from './answer-pause.js'
import { type DemoView, openDemoView } from './demo-view.js'
import type { TrafficClients } from './traffic-clients.js'

export interface DemoResult {
  readonly project: string
  readonly releaseId: string | null
  readonly verdict: string
  readonly reason: string
  readonly workflowUrl: string | null
  readonly name: string
  readonly workflowId: string
}

type Options = { json?: boolean; speed: number; evidence: 'replay' | 'live' }

/** The longest time that other projects wait for the first training. */
const HEAD_START_MS = 60_000

/**
 * Runs all projects concurrently. The candidates of one project run in turn: each is compared with the production left
 * by the last. Those of other projects begin when the first project has trained its first one: the first promotion is
 * what a newcomer waits for, and trainings beside it would make it later.
 */
export async function runDemo(
  session: Session,
  clients: Pick<TrafficClients, 'ensure'>,
  options: Options,
): Promise<DemoResult[]> {
  const projects = [...session.projects.values()]
  const view = openDemoView(projects, !options.json && process.stdout.isTTY === true)
  const [first] = projects
  const trained = new AbortController()
  const wait = sleep(HEAD_START_MS, undefined, { signal: trained.signal, ref: false }).catch(() => {})
  try {
    const perProject = await Promise.all(
      projects.map(async (project) => {
        const running = { ...session, clients, onTrained: () => trained.abort() }
        return await runProject(running, project, options, view, project === first ? undefined : wait)
      }),
    )
    return perProject.flat()
  } finally {
    trained.abort()
    await view.close()
  }
}

interface Running extends Session {
  readonly clients: Pick<TrafficClients, 'ensure'>
  /** A candidate is trained, or its release ended without one. */
  readonly onTrained: () => void
}

async function runProject(
  session: Running,
  project: Project,
  options: Options,
  view: DemoView,
  turn: Promise<void> | undefined,
): Promise<DemoResult[]> {
  const results: DemoResult[] = []
  const production = await session.firstProductions.get(project.name)
  const [first] = project.demo
  if (production?.created && first) view.update(project.name, first.name, setUpText(production))
  await turn
  for (const candidate of project.demo) {
    const update = (text: string) => view.update(project.name, candidate.name, text)
    const { workflowId, existed } = await startCandidate(session, project, candidate, options)
    if (await isJudgedLive(session, workflowId, options.evidence)) session.clients.ensure(project.name)
    const url = workflowUrl(session.temporal, workflowId)
    update(`${existed ? '(started earlier) ' : ''}${candidate.about} — ${url ?? workflowId}`)
    const [end] = await Promise.all([
      session.client.workflow.getHandle(workflowId).result() as Promise<ReleaseEnd>,
      follow(session, project, workflowId, update),
    ])
    session.onTrained()
    const { releaseId, verdict, reason } = end
    view.end(project.name, candidate.name, `${verdict} (${reason})`)
    const result = { project: project.name, releaseId, verdict, reason, workflowUrl: url }
    if (options.json) process.stdout.write(`${JSON.stringify(result)}\n`)
    results.push({ ...result, name: candidate.name, workflowId })
  }
  return results
}

/**
 * True while a run is judged on live traffic. An earlier demo may have started it with other evidence than this one
 * asks for.
 */
const isJudgedLive = ({ registry }: Session, workflowId: string, evidence: Options['evidence']): Promise<boolean> =>
  registry.runs.get(workflowId).then(
    ({ verdict, entries }) => verdict === null && bodiesOf(entries, 'trigger').some(({ trigger }) => isLive(trigger)),
    // The run has not recorded its first entry yet.
    () => isLive({ evidence }),
  )

interface ReleaseEnd {
  readonly releaseId: string | null
  readonly verdict: string
  readonly reason: string
}

/** The trigger id is fixed, so an interrupted demo continues its runs and a finished one shows their results. */
function startCandidate({ client }: Session, project: Project, candidate: DemoCandidate, { speed, evidence }: Options) {
  const now = Date.now()
  const cutoff = new Date(candidate.cutoff)
  return startRelease(client, {
    trigger: {
      project: project.name,
      id: `demo-${candidate.name}`,
      kind: 'demo',
      by: 'slipway demo',
      at: new Date(now).toISOString(),
      cutoff: cutoff.toISOString(),
      parameters: { ...candidate.parameters },
      ...(isLive({ evidence }) ? { evidence } : {}),
    },
    policy: project.policy,
    clock: { eventStart: cutoff.getTime(), wallStart: now, speed },
  })
}

/** Shows each new entry of a run. The run may not have recorded its first entry yet. */
async function follow(
  session: Running,
  project: Project,
  workflowId: string,
  update: (text: string) => void,
): Promise<void> {
  const { registry } = session
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const known = await registry.runs.get(workflowId).then(
      () => true,
      () => false,
    )
    if (known) break
    await sleep(200)
  }
  await followRun(registry, workflowId, (entry) => {
    const text = entryText(entry)
    if (text) update(text)
    if (entry.kind === 'training_run') session.onTrained()
    answerPause(session, workflowId, project.monitor.signals, entry).catch((error: unknown) =>
      update(`its pause could not be resumed: ${errorText(error)}`),
    )
  })
}

/** The closing table, then the production of each project with its action policy, and a decision to trace. */
export async function demoSummary(session: Session, results: readonly DemoResult[]): Promise<string> {
  const rows = await Promise.all(
    results.map(async (result) => {
      const { entries } = await session.registry.runs.get(result.workflowId)
      const report = bodiesOf(entries, 'evaluation').at(-1)?.report
      const look = bodiesOf(entries, 'judgement').findLast(({ phase }) => phase === 'canary')
      const judged = look?.judgement.numbers
      const passed = report ? `${report.gates.filter((gate) => gate.passed).length} of ${report.gates.length}` : '–'
      const evidence = judged?.interval
        ? `[${judged.interval.map((x) => x.toFixed(3)).join(', ')}]\n${judged.mature.challenger} + ${judged.mature.reference} mature`
        : 'none'
      return [
        `${result.project} ${result.name}`,
        result.releaseId ?? '–',
        passed,
        evidence,
        // A space after each comma: only there a line can break.
        `${result.verdict} (${result.reason.replaceAll(',', ', ')})`,
      ]
    }),
  )
  const projects = [...new Set(results.map(({ project }) => project))]
  const productions = await Promise.all(projects.map((project) => productionText(session, project)))
  const traced = await tracedDecision(session, results)
  return [
    table(['candidate', 'release', 'gates', 'loss difference', 'verdict'], rows),
    ...results.map((result) => `${result.project} ${result.name}: ${result.workflowUrl ?? result.workflowId}`),
    ...productions,
    ...(traced ? [`to see why a decision was made: slipway trace ${traced}`] : []),
  ].join('\n')
}

/**
 * A decision of a canary, if there is one; preferably of a canary that was rolled back, which can be traced as well.
 */
async function tracedDecision({ registry }: Session, results: readonly DemoResult[]): Promise<string | undefined> {
  const rolledBack = ({ verdict }: DemoResult) => Number(verdict === 'rolled_back')
  const inOrder = [...results].sort((one, other) => rolledBack(other) - rolledBack(one))
  for (const { project, workflowId } of inOrder) {
    const decision = await registry.evidence.latestLiveDecision(project, workflowId, 'canary')
    if (decision) return decision.decisionId
  }
  return undefined
}

/** Shows the action policy too: it is part of the release, so a rollback restores it. */
async function productionText({ registry }: Session, project: string): Promise<string> {
  const { production } = await registry.aliases.current(project)
  if (production === null) return `production of ${project} is not set`
  const { manifest } = await registry.releases.get(production)
  const parameters = Object.entries(manifest.actionPolicy.parameters).map(([name, value]) => `${name} ${value}`)
  return `production of ${project} is ${production}: ${manifest.actionPolicy.version}, ${parameters.join(', ')}`
}
