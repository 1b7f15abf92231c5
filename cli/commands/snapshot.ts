import { resolve } from 'node:path'
import type { Command } from 'commander'
import { parseCutoff } from '../../contracts/instants.js'
import { leftOutText } from '../../contracts/left-out-text.js'
import { loadProjects, requireProject } from '../../projects/load.js'
import { type CheckedSource, checkSource } from '../../releases/check-source.js'
import { show } from '../runtime/output.js'

interface Options {
  cutoff?: string
  json?: boolean
}

export function registerSnapshotCommands(program: Command): void {
  const snapshot = program.command('snapshot').description('check your own data before a release uses it')
  snapshot
    .command('check <project> <path>')
    .description('read data as a release would and name all problems at once; starts and records nothing')
    .option('--cutoff <instant>', 'check the data as of this instant, e.g. 2001-03-10 (default: now)')
    .option('--json', 'print JSON')
    .action(async (name: string, path: string, options: Options) => {
      const project = requireProject(await loadProjects(), name)
      const cutoff = options.cutoff === undefined ? Date.now() : parseCutoff(options.cutoff, '--cutoff').getTime()
      const checked = await checkSource(project, resolve(path), cutoff)
      show(options, checked, () => checkedText(checked))
      if (!checked.ok) process.exitCode = 1
    })
}

function checkedText({ project, source, cutoff, ok, problems, snapshot }: CheckedSource): string {
  const left = snapshot?.rejected.map((item) => `  left out: ${leftOutText(item)}`) ?? []
  const usable = snapshot
    ? `${snapshot.rows} rows up to ${cutoff}, ${snapshot.days.first} to ${snapshot.days.last}, ${snapshot.labelled} with a label`
    : ''
  if (ok) return [`${source} can be used by ${project}: ${usable}`, ...left].join('\n')
  return [
    `${source} cannot be used by ${project}: ${problems.length === 1 ? 'one problem' : `${problems.length} problems`}`,
    ...problems.map(({ problem, count, places }) => {
      const times = count === 1 ? '' : `, ${count} times`
      return `  ${problem}${places.length > 0 ? ` (${places.join('; ')}${times})` : times}`
    }),
    ...left,
    `see the expected columns with: slipway project formats ${project}`,
  ].join('\n')
}
