/** Receivers of notices: this terminal, and the webhook named by the environment. */

import { terminalText } from '../../contracts/terminal-text.js'
import { type Receiver, runNotifier } from '../../notify/notifier.js'
import { webhook } from '../../notify/webhook.js'
import type { Registry } from '../../registry/index.js'
import { progress } from './output.js'

/** @throws SlipwayError BadRequest when the webhook's address or secret is malformed or missing */
export function webhookOfEnvironment(env = process.env): Receiver[] {
  const address = env.SLIPWAY_WEBHOOK_URL
  return address ? [webhook(address, env.SLIPWAY_WEBHOOK_SECRET, Date.now)] : []
}

/** Delivers notices while `work` runs. */
export async function whileNotifying<T>(
  registry: Registry,
  receivers: readonly Receiver[],
  work: () => Promise<T>,
): Promise<T> {
  const ended = new AbortController()
  const notifying = runNotifier({ registry, now: Date.now }, receivers, ended.signal, progress)
  try {
    return await work()
  } finally {
    ended.abort()
    await notifying
  }
}

/** Named after this process, so that the next process starts from the newest notice. */
export const terminal = (): Receiver => ({
  name: `terminal ${process.pid} ${Date.now()}`,
  deliver: async ({ text }) => progress(terminalText(text)),
})

/** The same for programs: one notice per line, as JSON. */
export const lines = (): Receiver => ({
  ...terminal(),
  deliver: async (notice) => void process.stdout.write(`${JSON.stringify(notice)}\n`),
})
