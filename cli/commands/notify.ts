import type { Command } from 'commander'
import { SlipwayError } from '../../contracts/failure.js'
import { resendRefused } from '../../notify/notifier.js'
import { END_WITHIN_MS } from '../../workers/end-in-time.js'
import { closing, untilAborted } from '../runtime/interruption.js'
import { logAsJson } from '../runtime/log-as-json.js'
import { progress, show } from '../runtime/output.js'
import { openRegistryHandle } from '../runtime/platform.js'
import { lines, terminal, webhookOfEnvironment, whileNotifying } from '../runtime/receivers.js'
import { withRegistry } from '../runtime/with-registry.js'

export function registerNotifyCommand(program: Command): void {
  program
    .command('notify')
    .description('send notices to this terminal and to SLIPWAY_WEBHOOK_URL; stays up until Ctrl-C')
    .option('--resend', 'send the notices that the webhook refused to it again, and end')
    .option('--json', 'print JSON')
    .action(async ({ json, resend }: { json?: boolean; resend?: boolean }) => {
      if (resend) return sendAgain(json)
      await logAsJson('notify')
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

async function sendAgain(json: boolean | undefined): Promise<void> {
  const [receiver] = webhookOfEnvironment()
  if (!receiver) throw new SlipwayError('BadRequest', 'SLIPWAY_WEBHOOK_URL is not set; --resend sends to it')
  await withRegistry(async ({ registry }) => {
    const counts = await resendRefused(registry, receiver)
    show({ json: json === true }, counts, () => `${counts.sent} sent again, ${counts.refused} refused again`)
    if (counts.refused > 0) process.exitCode = 1
  })
}
