import type { Command } from 'commander'
import { SlipwayError } from '../../contracts/failure.js'
import { requireFittingName, shortReason } from '../../contracts/limits.js'
import type { RetentionPolicy } from '../../contracts/types.js'
import { isVisible } from '../../contracts/visible-text.js'
import { loadProjects, requireProject } from '../../projects/load.js'
import { type PrunedArtifact, type PruneReport, retentionOf } from '../../registry/index.js'
import { show, table } from '../runtime/output.js'
import { withRegistry } from '../runtime/with-registry.js'

interface Options {
  project?: string
  apply?: boolean
  by?: string
  reason?: string
  json?: boolean
}

const MEBIBYTE = 1024 ** 2
/** Lines printed per section, at most. */
const MOST_LINES = 20

export function registerPruneCommand(registry: Command): void {
  registry
    .command('prune')
    .description('show what the retention policies no longer keep; delete it only with --apply')
    .option('--project <project>', 'only data that belongs to this project alone')
    .option('--apply', 'delete it, and record in the ledger what was deleted')
    .option('--by <who>', 'your name; recorded in the ledger (required with --apply)')
    .option('--reason <why>', 'why; recorded in the ledger (required with --apply)')
    .option('--json', 'print JSON')
    .action(prune)
}

async function prune(options: Options): Promise<void> {
  const projects = await loadProjects()
  if (options.project !== undefined) requireProject(projects, options.project)
  const policies = new Map([...projects].map(([name, project]) => [name, retentionOf(project)]))
  const request = {
    policies,
    ...(options.project === undefined ? {} : { project: options.project }),
    ...(options.apply ? { apply: noteOf(options) } : {}),
  }
  await withRegistry(async ({ registry }) => {
    const report = await registry.retention.prune(request)
    show(options, { policies: Object.fromEntries(policies), ...report }, (shown) => text(policies, shown))
  })
}

function noteOf({ by, reason }: Options): { by: string; reason: string } {
  const name = given(by, '--by')
  requireFittingName('--by', name)
  return { by: name, reason: shortReason(given(reason, '--reason')) }
}

function given(value: string | undefined, option: string): string {
  if (value !== undefined && isVisible(value)) return value
  throw new SlipwayError('BadRequest', `--apply needs ${option}; it is recorded with what is dropped`)
}

function text(policies: ReadonlyMap<string, RetentionPolicy>, report: PruneReport): string {
  const { applied, days, held, artifacts, unfinished, kept } = report
  const does = applied ? 'dropped' : 'would drop'
  const rows = days.reduce((sum, day) => sum + day.rows, 0)
  return [
    table(
      ['project', 'decisions', 'releases kept', 'artifacts kept for'],
      [...policies].map(([name, policy]) => [
        name,
        policy.decisions,
        String(policy.artifacts.keepReleases),
        policy.artifacts.keepFor,
      ]),
    ),
    `${does} ${days.length} days of decisions and labels, ${rows} rows`,
    ...shortened(days.map((day) => `  ${day.day}  ${day.rows} rows of ${day.projects.join(', ') || 'no project'}`)),
    ...(held ? [`  ${held.day} and later are kept: ${held.why}`] : []),
    `${does} ${artifacts.length} artifacts, ${mebibytes(artifacts)}`,
    ...shortened(artifacts.map(({ digest, what }) => `  ${digest.slice(0, 19)}…  ${what}`)),
    ...(unfinished.length > 0
      ? [
          `${applied ? 'removed' : 'would remove'} ${unfinished.length} more, ${mebibytes(unfinished)}, already recorded as dropped`,
        ]
      : []),
    ...shortened(kept.map(({ why, artifacts: count }) => `  ${count} kept: ${why}`)),
    ...(applied ? [] : ['nothing was changed; to drop it: slipway registry prune --apply --by WHO --reason WHY']),
  ].join('\n')
}

const shortened = (lines: readonly string[]): string[] =>
  lines.length <= MOST_LINES
    ? [...lines]
    : [...lines.slice(0, MOST_LINES), `  … and ${lines.length - MOST_LINES} more; --json shows all`]

const mebibytes = (artifacts: readonly PrunedArtifact[]): string =>
  `${(artifacts.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0) / MEBIBYTE).toFixed(1)} MiB`
