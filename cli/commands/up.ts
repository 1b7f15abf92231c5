import { join } from 'node:path'
import type { Command } from 'commander'
import { initProject } from '../../activities/init-project.js'
import { SlipwayError } from '../../contracts/failure.js'
import { loadProjects, requireProject } from '../../projects/load.js'
import { closing } from '../interruption.js'
import { progress, show, table } from '../output.js'
import { home } from '../platform.js'
import { terminal, webhookOfEnvironment, whileTelling } from '../receivers.js'
import { openSession } from '../session.js'
import { withRegistry } from '../with-registry.js'
import { registerNewProjectCommand } from './new-project.js'

export function portNumber(text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new SlipwayError('BadRequest', `port "${text}" is not a number from 1 to 65535`)
  }
  return port
}

export function registerUpCommands(program: Command): void {
  program
    .command('up')
    .description('start Temporal, registry, workers and the decision service; stays up until Ctrl-C')
    .option('--port <port>', 'port of the embedded Temporal server', portNumber)
    .option('--ui-port <port>', 'port of its Web UI', portNumber)
    .option('--json', 'print JSON')
    .action(async (options: { port?: number; uiPort?: number; json?: boolean }) => {
      const receivers = [...webhookOfEnvironment(), ...(options.json ? [] : [terminal()])]
      await closing(
        (signal) => openSession(options, signal),
        async ({ temporal, servingUrl, projects, running, registry }) => {
          const up = {
            temporal: temporal.address,
            webUi: temporal.uiUrl,
            decisionService: servingUrl,
            projects: [...projects.keys()],
          }
          show(options, up, () =>
            [
              `Slipway is up: Temporal ${temporal.address}`,
              temporal.uiUrl ? `Web UI ${temporal.uiUrl}` : null,
              `decision service ${servingUrl}, described in ${servingUrl}/openapi.json`,
              'Ctrl-C stops it.',
            ]
              .filter(Boolean)
              .join('\n'),
          )
          await whileTelling(registry, receivers, () => running)
        },
      )
      progress('stopped')
    })

  const project = program.command('project').description('the projects there are')
  project
    .command('list')
    .option('--json', 'print JSON')
    .action(async (options: { json?: boolean }) => {
      const projects = [...(await loadProjects()).values()].map(({ name, title, lossUnit, policy }) => ({
        name,
        title,
        lossUnit,
        labelHorizon: policy.labelHorizon,
      }))
      show(options, projects, () =>
        table(
          ['project', 'what', 'loss', 'labels final after'],
          projects.map((item) => [item.name, item.title, item.lossUnit, item.labelHorizon]),
        ),
      )
    })
  registerNewProjectCommand(project)
  project
    .command('init <project...>')
    .description('register the baseline as the first production release, of one project or several')
    .option('--by <who>', 'who does it', 'slipway init')
    .option('--json', 'print JSON')
    .action(async (names: string[], options: { by: string; json?: boolean }) => {
      const projects = await loadProjects()
      // Before anything is made: one wrong name changes nothing.
      const chosen = names.map((name) => requireProject(projects, name))
      await withRegistry(async (handle) => {
        for (const project of chosen) {
          const done = await initProject({ ...handle, workFolder: join(home(), 'work') }, project, options.by)
          show(options, done, () =>
            done.created
              ? `production of ${project.name} is its baseline ${done.releaseId}`
              : `production of ${project.name} is ${done.releaseId} already; nothing changed`,
          )
        }
      })
    })
}
