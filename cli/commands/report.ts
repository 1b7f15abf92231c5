import { existsSync, statSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Command } from 'commander'
import { SlipwayError } from '../../contracts/failure.js'
import { loadProjects } from '../../projects/load.js'
import { show } from '../runtime/output.js'
import { withRegistry } from '../runtime/with-registry.js'

export function registerReportCommand(program: Command): void {
  program
    .command('report <release>')
    .description('write one HTML file that says why a release passed or was held, with its plots')
    .option('--out <file>', 'where to (default: slipway-report-RELEASE.html here)')
    .option('--json', 'print JSON')
    .action(async (id: string, options: { out?: string; json?: boolean }) => {
      const out = options.out === undefined ? undefined : checkedFile(options.out)
      await withRegistry(async ({ registry }) => {
        // Drawing is imported here: no other command needs it.
        const [{ gatherReport }, { reportPage }] = await Promise.all([
          import('../../console/report/report-data.js'),
          import('../../console/report/report-page.js'),
        ])
        const data = await gatherReport(registry, id)
        const project = (await loadProjects()).get(data.run.project) ?? null
        const name = (data.run.releaseId ?? data.run.workflowId).replace(/[^A-Za-z0-9._-]+/g, '-')
        const file = out ?? resolve(`slipway-report-${name}.html`)
        writeFileSync(file, reportPage({ ...data, project }))
        const { releaseId, workflowId, verdict } = data.run
        show(options, { file, releaseId, workflowId, verdict }, () => `wrote ${file}`)
      })
    })
}

/** @throws SlipwayError BadRequest before the registry is asked */
function checkedFile(out: string): string {
  const file = resolve(out)
  const folder = dirname(file)
  if (!existsSync(folder)) throw new SlipwayError('BadRequest', `--out: folder ${folder} does not exist; make it first`)
  if (existsSync(file) && !statSync(file).isFile()) {
    throw new SlipwayError('BadRequest', `--out ${file} is not a file; name one`)
  }
  return file
}
