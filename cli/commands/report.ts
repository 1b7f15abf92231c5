import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Command } from 'commander'
import { SlipwayError } from '../../contracts/failure.js'
import { loadProjects } from '../../projects/load.js'
import { show } from '../runtime/output.js'
import { home } from '../runtime/platform.js'
import { withRegistry } from '../runtime/with-registry.js'
import { refuseTwoOutputs, STANDARD_OUTPUT, writeOutput } from '../runtime/write-output.js'

export function registerReportCommand(program: Command): void {
  program
    .command('report <release>')
    .description('write one HTML file that explains why a release passed or was held, with plots')
    .option('--out <file>', 'file to write, - for standard output (default: reports/RELEASE.html below SLIPWAY_HOME)')
    .option('--json', 'print JSON')
    .action(async (id: string, options: { out?: string; json?: boolean }) => {
      refuseTwoOutputs(options.out, options.json)
      const out = options.out === undefined ? undefined : checkedFile(options.out)
      await withRegistry(async ({ registry }) => {
        // Loaded here because no other command draws plots.
        const [{ gatherReport }, { reportPage }] = await Promise.all([
          import('../../console/report/report-data.js'),
          import('../../console/report/report-page.js'),
        ])
        const data = await gatherReport(registry, id)
        const project = (await loadProjects()).get(data.run.project) ?? null
        const name = (data.run.releaseId ?? data.run.workflowId).replace(/[^A-Za-z0-9._-]+/g, '-')
        const file = out ?? fileAtHome(name)
        writeOutput(file, reportPage({ ...data, project }))
        if (file === STANDARD_OUTPUT) return
        const { releaseId, workflowId, verdict } = data.run
        show(options, { file, releaseId, workflowId, verdict }, () => `wrote ${file}`)
      })
    })
}

/** A command writes into the working directory only what a path names. */
function fileAtHome(name: string): string {
  const folder = join(home(), 'reports')
  mkdirSync(folder, { recursive: true })
  return join(folder, `${name}.html`)
}

/** Checked before the registry is opened. @throws SlipwayError BadRequest */
function checkedFile(out: string): string {
  if (out === STANDARD_OUTPUT) return out
  const file = resolve(out)
  const folder = dirname(file)
  if (!existsSync(folder))
    throw new SlipwayError('BadRequest', `--out: folder ${folder} does not exist; create it first`)
  if (existsSync(file) && !statSync(file).isFile()) {
    throw new SlipwayError('BadRequest', `--out ${file} is not a regular file; name another path`)
  }
  return file
}
