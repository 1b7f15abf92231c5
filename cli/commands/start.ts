import { join } from 'node:path'
import type { Client } from '@temporalio/client'
import { type Command, Option } from 'commander'
import { requireSpeed } from '../../contracts/clock.js'
import { type EvidenceSource, isLive } from '../../contracts/evidence-source.js'
import { SlipwayError } from '../../contracts/failure.js'
import { parseCutoff } from '../../contracts/instants.js'
import { type Asked, contentOf, type ReleaseContent } from '../../contracts/release-content.js'
import type { ReleaseInput } from '../../contracts/types.js'
import { loadProjects, requireProject } from '../../projects/load.js'
import type { Project } from '../../projects/project.js'
import {
  liveTrafficSeen,
  neededPerDay,
  replayedTrafficSeen,
  requireReachableLabels,
  type TrafficSeen,
} from '../../releases/reachable-labels.js'
import { releaseInputOf } from '../../releases/release-input.js'
import { isStored, requireKnownSource } from '../../releases/sources/known-source.js'
import { createSources } from '../../releases/sources/open-sources.js'
import { type RecordedRelease, recordedRelease, type Started, startOnce } from '../../releases/start-once.js'
import { startRelease } from '../../releases/start-release.js'
import { byOption, requireActor } from '../runtime/by-option.js'
import { callServer } from '../runtime/call-server.js'
import { progress, show } from '../runtime/output.js'
import { connectClient, findTemporal, home, workflowUrl } from '../runtime/platform.js'
import { collectParameter, type TrainerParameters } from '../runtime/read-parameters.js'
import { readRunPolicies } from '../runtime/read-policy.js'
import { readableSource } from '../runtime/readable-source.js'
import { requireOptionsOfServer, serverOf, serverOption } from '../runtime/server-option.js'
import { waitForVerdict } from '../runtime/wait-for-verdict.js'
import { withRegistry } from '../runtime/with-registry.js'
import { startedText } from '../views/started-view.js'
import { earliestVerdictText, howToLeaveText } from '../views/waiting-view.js'
import { failUnlessOption, meets, type WantedVerdict } from './fail-unless.js'

interface StartOptions {
  snapshot?: string
  cutoff?: string
  trigger?: string
  policy?: string
  parameter?: TrainerParameters
  speed: number
  evidence: EvidenceSource
  by: string
  reason?: string
  server?: string
  wait?: boolean
  failUnless?: WantedVerdict
  allowUndecided?: boolean
  json?: boolean
}

export function registerStartCommand(release: Command): void {
  release
    .command('start <project>')
    .description('start a release; prints its id and its address in the Temporal Web UI')
    .option(
      '--snapshot <path>',
      'data file or folder as the worker sees it, or what `slipway snapshot add` printed (default: the project’s own data)',
    )
    .option('--cutoff <date>', 'use only data known at this instant (default: the project’s cutoff)')
    .option('--trigger <id>', 'the same id twice is one release (default: generated from the time)')
    .option('--policy <file>', 'JSON file with the policy fields to change; `gates` and `monitor` in it change those')
    .option('--parameter <name=value>', 'a parameter of the trainer; may be repeated', collectParameter)
    .option('--speed <n>', 'divide every duration of this release by this number', Number, 1)
    .addOption(
      new Option('--evidence <from>', 'judge on the days after the cutoff, replayed, or on live traffic')
        .choices(['replay', 'live'])
        .default('replay'),
    )
    .addOption(byOption())
    .option('--reason <why>', 'why; recorded in the ledger')
    .addOption(serverOption())
    .option(
      '--wait',
      'wait for the verdict, and show what the release waits for; Ctrl-C ends the wait, not the release',
    )
    .addOption(failUnlessOption('with --wait: '))
    .option('--allow-undecided', 'start it although the traffic seen is too little for the policy to decide')
    .option('--json', 'print JSON')
    .action(start)
}

async function start(name: string, options: StartOptions, command: Command): Promise<void> {
  if (options.failUnless !== undefined && !options.wait)
    throw new SlipwayError('BadRequest', '--fail-unless needs --wait: without it the command ends before the verdict')
  const project = requireProject(await loadProjects(), name)
  const input = inputOf(project, options)
  const server = serverOf(options)
  if (server !== undefined) return startByServer(server, input, command)
  requireActor(command.getOptionValueSource('by') === 'cli')
  const ref = { project: name, trigger: input.trigger.id }
  const asked = explicitContent(input, command)
  const temporal = await findTemporal()
  const { client, close } = await connectClient(temporal)
  try {
    const needs = {
      recorded: () => readRecorded(ref, asked),
      async start(input: ReleaseInput) {
        await requireSource(input)
        if (!options.allowUndecided) requireReachableLabels(input.policy, await trafficSeen(project, input))
        return startRelease(client, input)
      },
    }
    const started = await startOnce(needs, input, options.trigger === undefined)
    const { workflowId } = started
    showStarted(options, { ...started, workflowUrl: workflowUrl(temporal, workflowId) })
    if (!started.existed && (options.wait || !options.json))
      progress(earliestVerdictText(workflowId, input, Date.now()))
    if (options.wait) await showVerdict(client, { project: name, ...started }, options)
  } finally {
    await close()
  }
}

/** Data that cannot be read says nothing here: the release itself is held for it. */
async function trafficSeen(project: Project, { trigger, policy }: ReleaseInput): Promise<TrafficSeen | null> {
  let seen: TrafficSeen | null = null
  const replayed = (source: string | undefined) =>
    replayedTrafficSeen(project, { cutoff: trigger.cutoff, source }, neededPerDay(policy))
  if (!isLive(trigger) && !(trigger.source && isStored(trigger.source)))
    return replayed(trigger.source).catch(() => null)
  await withRegistry(async ({ registry, artifacts }) => {
    if (!isLive(trigger)) {
      const source =
        trigger.source && createSources({ artifacts, workFolder: join(home(), 'work') }).pathOf(trigger.source)
      seen = await Promise.resolve(source)
        .then(replayed)
        .catch(() => null)
      return
    }
    seen = await liveTrafficSeen(registry, project.name, Date.now())
  })
  return seen
}

/** Stored data must be there before anything starts. A path is read by the worker. */
async function requireSource({ trigger: { project, source } }: ReleaseInput): Promise<void> {
  if (source === undefined || !isStored(source)) return
  await withRegistry((handle) => requireKnownSource(handle, project, source))
}

type StartedAt = Omit<Started, 'verdict'> & { readonly workflowUrl: string | null }

function showStarted(options: StartOptions, started: StartedAt): void {
  const { workflowId, existed, workflowUrl: url, differs } = started
  show(options, { workflowId, existed, workflowUrl: url, differs }, (shown) =>
    [startedText(shown), url].filter(Boolean).join('\n'),
  )
}

async function startByServer(server: string, input: ReleaseInput, command: Command): Promise<void> {
  const { trigger } = input
  requireOptionsOfServer(command, [
    'trigger',
    'cutoff',
    'evidence',
    'parameter',
    'reason',
    'allowUndecided',
    ...(input.trigger.source && isStored(input.trigger.source) ? ['snapshot'] : []),
  ])
  const options = command.opts<StartOptions>()
  const { project, id, cutoff, parameters, evidence = 'replay' } = trigger
  // With a token the service knows who asks; the name of this machine's user says less.
  const by = command.getOptionValueSource('by') === 'cli' || !process.env.SLIPWAY_TOKEN ? options.by : undefined
  const reason = options.reason ?? 'started with slipway release start'
  const body = {
    id,
    by,
    reason,
    cutoff,
    parameters,
    evidence,
    ...(options.allowUndecided ? { allowUndecided: true } : {}),
    ...(trigger.source === undefined ? {} : { snapshot: trigger.source }),
  }
  showStarted(options, await callServer<StartedAt>(server, ['v1', 'projects', project, 'releases'], body))
}

async function showVerdict(client: Client, run: Started & { project: string }, options: StartOptions): Promise<void> {
  if (run.verdict === null) progress(howToLeaveText(run.workflowId))
  const result = run.verdict ?? (await waitForVerdict(client, run))
  if (result) show(options, result, (shown) => `${shown.verdict}: ${shown.reason}\n${shown.detail}`)
  // Interrupted: there is no verdict that a script could rely on.
  if (!result || !meets(result.verdict, options.failUnless)) process.exitCode = 1
}

async function readRecorded(ref: Parameters<typeof recordedRelease>[1], asked: Asked): Promise<RecordedRelease | null> {
  let found: RecordedRelease | null = null
  await withRegistry(async ({ registry }) => {
    found = await recordedRelease(registry, ref, asked)
  })
  return found
}

/** @throws SlipwayError BadRequest for an invalid option, before any server is opened */
function inputOf(project: Project, options: StartOptions): ReleaseInput {
  requireSpeed(options.speed, '--speed')
  const source = options.snapshot === undefined ? undefined : readableSource(options.snapshot)
  const now = Date.now()
  return releaseInputOf({
    project,
    id: options.trigger ?? new Date(now).toISOString().replace(/[:.]/g, '-'),
    kind: 'cli',
    by: options.by,
    at: new Date(now).toISOString(),
    cutoff: parseCutoff(options.cutoff ?? project.defaultCutoff, '--cutoff').toISOString(),
    parameters: { ...options.parameter },
    speed: options.speed,
    ...(options.reason === undefined ? {} : { cause: { reason: options.reason } }),
    ...(isLive(options) ? { evidence: options.evidence } : {}),
    ...(source === undefined ? {} : { source }),
    ...(options.policy === undefined ? {} : readRunPolicies(options.policy, project)),
  })
}

const OPTIONS: Record<keyof ReleaseContent, keyof StartOptions> = {
  source: 'snapshot',
  cutoff: 'cutoff',
  evidence: 'evidence',
  parameters: 'parameter',
  policy: 'policy',
  gates: 'policy',
  monitor: 'policy',
  speed: 'speed',
}

/** Only options set explicitly; defaults are ignored. */
function explicitContent(input: ReleaseInput, command: Command): Asked {
  const isExplicit = (field: string) => command.getOptionValueSource(OPTIONS[field as keyof ReleaseContent]) === 'cli'
  return Object.fromEntries(Object.entries(contentOf(input)).filter(([field]) => isExplicit(field)))
}
