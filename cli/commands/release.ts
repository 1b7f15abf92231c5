import { existsSync } from 'node:fs'
import { userInfo } from 'node:os'
import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { SlipwayError } from '../../contracts/failure.js'
import { releaseWorkflowId } from '../../contracts/names.js'
import type { Verdict as ReleaseEnd } from '../../contracts/types.js'
import { type Attention, needsAttention } from '../../notify/attention.js'
import { loadProjects, requireProject } from '../../projects/load.js'
import type { Registry } from '../../registry/index.js'
import { parseCutoff, readPolicy } from '../check.js'
import { show } from '../output.js'
import { connectClient, findTemporal, workflowUrl } from '../platform.js'
import { attentionText, listText, showText } from '../release-view.js'
import { lostRuns } from '../run-status.js'
import { startRelease } from '../start-release.js'
import { withRegistry } from '../with-registry.js'
import { registerOperatorCommands } from './operate.js'
import { registerWatchCommand } from './watch.js'

interface StartOptions {
  snapshot?: string
  cutoff?: string
  trigger?: string
  policy?: string
  parameter: Record<string, number | string | boolean>
  speed: number
  evidence: 'replay' | 'live'
  by: string
  wait?: boolean
  json?: boolean
}

export function registerReleaseCommands(program: Command): void {
  const release = program.command('release').description('start, watch and steer releases')
  release
    .command('start <project>')
    .description('start one release; prints its id and its Web UI address')
    .option('--snapshot <path>', 'the data: a file or folder (default: the project’s own)')
    .option('--cutoff <date>', 'nothing known later enters the snapshot (default: the project’s)')
    .option('--trigger <id>', 'the same id twice is one release (default: made from the time)')
    .option('--policy <file>', 'JSON with the policy fields to change')
    .option('--parameter <name=value>', 'a trainer parameter; may be repeated', collectParameter, {})
    .option('--speed <n>', 'divides every duration of this release', Number, 1)
    .addOption(
      new Option('--evidence <from>', 'judge on the days after the cutoff, replayed, or on live traffic')
        .choices(['replay', 'live'])
        .default('replay'),
    )
    .option('--by <who>', 'who starts it', userInfo().username)
    .option('--wait', 'wait for the verdict')
    .option('--json', 'print JSON')
    .action(start)
  release
    .command('list')
    .description('all releases, newest last')
    .option('--project <project>')
    .option('--needs-attention', 'only those that wait for a person, or longer than expected')
    .option('--json', 'print JSON')
    .action(async (options: { project?: string; needsAttention?: boolean; json?: boolean }) => {
      if (options.project !== undefined) requireProject(await loadProjects(), options.project)
      await withRegistry(async ({ registry }) => {
        if (options.needsAttention) {
          const needs = await attention(registry, options.project)
          show(options, needs, () => attentionText(needs))
          return
        }
        const runs = await registry.runs(options.project)
        show(options, runs, () => listText(runs))
      })
    })
  release
    .command('show <id>')
    .description('gates with numbers, looks of the judge, operator actions')
    .option('--json', 'print JSON')
    .action(async (id: string, options: { json?: boolean }) => {
      await withRegistry(async (handle) => {
        const run = await handle.registry.run(id)
        show(options, run, () => showText(run))
      })
    })
  registerWatchCommand(release)
  registerOperatorCommands(release)
}

type Verdict = Pick<ReleaseEnd, 'verdict' | 'reason' | 'detail'>

/** The registry keeps what Temporal forgets some time after a run has ended: the same trigger is the same release for ever. */
async function knownRun(project: string, trigger: string) {
  let known: { workflowId: string; verdict: Verdict | null } | null = null
  await withRegistry(async ({ registry }) => {
    const workflowId = releaseWorkflowId(project, trigger)
    const entries = await registry.entries(project, { kind: ['trigger', 'verdict'], subject: workflowId })
    const verdict = entries.find(({ kind }) => kind === 'verdict')?.body as unknown as Verdict | undefined
    if (entries.length > 0) known = { workflowId, verdict: verdict ?? null }
  })
  return known as { workflowId: string; verdict: Verdict | null } | null
}

/** What the registry knows, and what only Temporal does, where it can be asked. */
async function attention(registry: Registry, project: string | undefined): Promise<Attention[]> {
  const [needs, lost] = await Promise.all([needsAttention(registry, Date.now(), project), lostRuns(registry, project)])
  const isLost = new Set(lost.map(({ workflowId }) => workflowId))
  return [...needs.filter(({ workflowId }) => !isLost.has(workflowId)), ...lost]
}

async function start(name: string, options: StartOptions): Promise<void> {
  const project = requireProject(await loadProjects(), name)
  if (!Number.isFinite(options.speed) || options.speed <= 0) {
    throw new SlipwayError('BadRequest', `--speed is ${options.speed}; it must be a number above zero`)
  }
  const source = options.snapshot === undefined ? undefined : resolve(options.snapshot)
  if (source !== undefined && !existsSync(source)) {
    throw new SlipwayError('BadRequest', `--snapshot ${source} does not exist; name a file or folder`)
  }
  const cutoff = parseCutoff(options.cutoff ?? project.defaultCutoff, '--cutoff')
  const now = Date.now()
  const input = {
    trigger: {
      project: name,
      id: options.trigger ?? new Date(now).toISOString().replace(/[:.]/g, '-'),
      kind: 'cli' as const,
      by: options.by,
      at: new Date(now).toISOString(),
      cutoff: cutoff.toISOString(),
      parameters: options.parameter,
      ...(options.evidence === 'live' ? { evidence: options.evidence } : {}),
      ...(source === undefined ? {} : { source }),
    },
    policy: options.policy === undefined ? project.policy : readPolicy(options.policy, project.policy),
    clock: clockOf(options, cutoff.getTime(), now),
  }
  const known = options.trigger === undefined ? null : await knownRun(name, options.trigger)
  const temporal = await findTemporal()
  const { client, close } = await connectClient(temporal)
  try {
    const { workflowId, existed } = known ? { ...known, existed: true } : await startRelease(client, input)
    const url = workflowUrl(temporal, workflowId)
    show(options, { workflowId, existed, workflowUrl: url }, () =>
      [existed ? `${workflowId} exists already: one trigger is one release` : `started ${workflowId}`, url]
        .filter(Boolean)
        .join('\n'),
    )
    if (options.wait) {
      const result = known?.verdict ?? ((await client.workflow.getHandle(workflowId).result()) as Verdict)
      show(options, result, () => `${result.verdict}: ${result.reason}\n${result.detail}`)
      if (result.verdict === 'failed') process.exitCode = 1
    }
  } finally {
    await close()
  }
}

/**
 * Replayed evidence, and a rehearsal with `slipway traffic` at another speed, begin with the cutoff: what happened next is in the data. Live
 * traffic at the speed of life has no other time than now.
 */
const clockOf = ({ evidence, speed }: StartOptions, cutoff: number, now: number) => ({
  eventStart: evidence === 'live' && speed === 1 ? now : cutoff,
  wallStart: now,
  speed,
})

function collectParameter(text: string, all: Record<string, number | string | boolean>) {
  const [name, ...rest] = text.split('=')
  const value = rest.join('=')
  if (!name || rest.length === 0) throw new SlipwayError('BadRequest', `--parameter "${text}" is not name=value`)
  const typed =
    value === 'true'
      ? true
      : value === 'false'
        ? false
        : value !== '' && Number.isFinite(Number(value))
          ? Number(value)
          : value
  return { ...all, [name]: typed }
}
