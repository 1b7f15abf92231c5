import { existsSync } from 'node:fs'
import { userInfo } from 'node:os'
import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { SlipwayError } from '../../contracts/failure.js'
import { parseCutoff } from '../../contracts/instants.js'
import { type Asked, contentOf, type ReleaseContent } from '../../contracts/release-content.js'
import type { ReleaseInput } from '../../contracts/types.js'
import { loadProjects, requireProject } from '../../projects/load.js'
import type { Project } from '../../projects/project.js'
import { verdictOf } from '../../releases/await-verdict.js'
import { knownText, type Recorded, recorded } from '../../releases/known-trigger.js'
import { startRelease } from '../../releases/start-release.js'
import { progress, show } from '../runtime/output.js'
import { connectClient, findTemporal, workflowUrl } from '../runtime/platform.js'
import { readPolicy } from '../runtime/read-policy.js'
import { withRegistry } from '../runtime/with-registry.js'

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

export function registerStartCommand(release: Command): void {
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
}

async function start(name: string, options: StartOptions, command: Command): Promise<void> {
  const input = inputOf(requireProject(await loadProjects(), name), options)
  const ref = { project: name, trigger: input.trigger.id }
  const asked = saidOf(input, command)
  // Temporal forgets runs that ended long ago; the chain does not, and a trigger is one release for ever.
  const known = options.trigger === undefined ? null : await recordedStart(ref, asked)
  const temporal = await findTemporal()
  const { client, close } = await connectClient(temporal)
  try {
    const { workflowId, existed } = known ? { ...known, existed: true } : await startRelease(client, input)
    const url = workflowUrl(temporal, workflowId)
    // One that Temporal alone knew has been recorded meanwhile, unless no worker runs.
    const first = existed ? (known ?? (await recordedStart(ref, asked))) : null
    const differs = existed ? (first?.differs ?? null) : []
    show(options, { workflowId, existed, workflowUrl: url, differs }, () =>
      [existed ? knownText(workflowId, differs) : `started ${workflowId}`, url].filter(Boolean).join('\n'),
    )
    if (options.wait) {
      if (!known?.verdict && !options.json)
        progress(`waiting for its verdict; what it does meanwhile: slipway release watch ${workflowId}`)
      const result = known?.verdict ?? (await verdictOf(client, workflowId))
      show(options, result, () => `${result.verdict}: ${result.reason}\n${result.detail}`)
      if (result.verdict === 'failed') process.exitCode = 1
    }
  } finally {
    await close()
  }
}

async function recordedStart(ref: Parameters<typeof recorded>[1], asked: Asked): Promise<Recorded | null> {
  let found: Recorded | null = null
  await withRegistry(async ({ registry }) => {
    found = await recorded(registry, ref, asked)
  })
  return found
}

/** @throws SlipwayError BadRequest for an option that makes no sense, before anything is opened */
function inputOf(project: Project, options: StartOptions): ReleaseInput {
  if (!Number.isFinite(options.speed) || options.speed <= 0) {
    throw new SlipwayError('BadRequest', `--speed is ${options.speed}; it must be a number above zero`)
  }
  const source = options.snapshot === undefined ? undefined : resolve(options.snapshot)
  if (source !== undefined && !existsSync(source)) {
    throw new SlipwayError('BadRequest', `--snapshot ${source} does not exist; name a file or folder`)
  }
  const cutoff = parseCutoff(options.cutoff ?? project.defaultCutoff, '--cutoff')
  const now = Date.now()
  return {
    trigger: {
      project: project.name,
      id: options.trigger ?? new Date(now).toISOString().replace(/[:.]/g, '-'),
      kind: 'cli',
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
}

/**
 * Replayed evidence, and a rehearsal with `slipway traffic` at another speed, begin with the cutoff: what happened next
 * is in the data. Live traffic at the speed of life has no other time than now.
 */
const clockOf = ({ evidence, speed }: StartOptions, cutoff: number, now: number) => ({
  eventStart: evidence === 'live' && speed === 1 ? now : cutoff,
  wallStart: now,
  speed,
})

const OPTIONS: Record<keyof ReleaseContent, keyof StartOptions> = {
  source: 'snapshot',
  cutoff: 'cutoff',
  evidence: 'evidence',
  parameters: 'parameter',
  policy: 'policy',
  speed: 'speed',
}

/** What was said on the command line; what was left out is no wish. */
function saidOf(input: ReleaseInput, command: Command): Asked {
  const said = (field: string) => command.getOptionValueSource(OPTIONS[field as keyof ReleaseContent]) === 'cli'
  return Object.fromEntries(Object.entries(contentOf(input)).filter(([field]) => said(field)))
}

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
