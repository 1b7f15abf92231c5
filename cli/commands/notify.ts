import type { Command } from 'commander'
import { END_WITHIN_MS } from '../../workers/end-in-time.js'
import { closing, untilAborted } from '../runtime/interruption.js'
import { progress } from '../runtime/output.js'
import { openRegistryHandle } from '../runtime/platform.js'
import { lines, terminal, webhookOfEnvironment, whileNotifying } from '../runtime/receivers.js'

export function registerNotifyCommand(program: Command): void {
  program
    .command('notify')
    .description('send notices to this terminal and to SLIPWAY_WEBHOOK_URL; stays up until Ctrl-C')
    .option('--json', 'print JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const receivers = [...webhookOfEnvironment(), json ? lines() : terminal()]
      let ended = Promise.resolve()
      await closing(
        (signal) => {
          ended = untilAborted(signal)
          return openRegistryHandle({ signal, service: true })
        },
        ({ registry }) => {
          progress(`sending notices to ${receivers.map(({ name }) => name).join(' and ')} from now on; Ctrl-C stops`)
          return whileNotifying(registry, receivers, () => ended)
        },
        END_WITHIN_MS,
      )
    })
}
