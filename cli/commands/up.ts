import type { Command } from 'commander'
import { closing } from '../runtime/interruption.js'
import { progress, show } from '../runtime/output.js'
import { terminal, webhookOfEnvironment, whileNotifying } from '../runtime/receivers.js'
import { openSession } from '../runtime/session.js'
import { setUpText } from '../runtime/set-up-projects.js'
import { portNumber } from './port-number.js'

export function registerUpCommand(program: Command): void {
  program
    .command('up')
    .description('start Temporal, registry, workers and the decision service; stays up until Ctrl-C')
    .option('--port <port>', 'port of the embedded Temporal server', portNumber)
    .option('--ui-port <port>', 'port of the embedded Temporal Web UI', portNumber)
    .option('--json', 'print JSON')
    .action(async (options: { port?: number; uiPort?: number; json?: boolean }) => {
      const receivers = [...webhookOfEnvironment(), ...(options.json ? [] : [terminal()])]
      await closing(
        (signal) => openSession(options, signal),
        async ({ temporal, servingUrl, projects, firstProductions, running, registry }) => {
          for (const [project, first] of firstProductions) {
            const production = await first
            if (production.created) progress(`${project}: ${setUpText(production)}`)
          }
          const up = {
            temporal: temporal.address,
            webUi: temporal.uiUrl,
            decisionService: servingUrl,
            projects: [...projects.keys()],
          }
          show(options, up, () =>
            [
              `Slipway is up: Temporal ${temporal.address}`,
              `console ${servingUrl}/`,
              temporal.uiUrl ? `Web UI ${temporal.uiUrl}` : null,
              `decision service ${servingUrl}, API description ${servingUrl}/openapi.json`,
              'Ctrl-C stops it.',
            ]
              .filter(Boolean)
              .join('\n'),
          )
          await whileNotifying(registry, receivers, () => running)
        },
      )
      progress('stopped')
    })
}
