/** Whom a running Slipway tells: this terminal, and the webhook that the environment names. */

import { type Receiver, runNotifier } from '../../notify/notifier.js'
import { webhook } from '../../notify/webhook.js'
import type { Registry } from '../../registry/index.js'
import { progress } from './output.js'

/** @throws SlipwayError BadRequest when the webhook's address or secret is malformed or missing */
export function webhookOfEnvironment(env = process.env): Receiver[] {
  const address = env.SLIPWAY_WEBHOOK_URL
  return address ? [webhook(address, env.SLIPWAY_WEBHOOK_SECRET, Date.now)] : []
}

/** Tells while `work` runs. */
export async function whileNotifying<T>(
  registry: Registry,
  receivers: readonly Receiver[],
  work: () => Promise<T>,
): Promise<T> {
  const ended = new AbortController()
  const telling = runNotifier({ registry, now: Date.now }, receivers, ended.signal, progress)
  try {
    return await work()
  } finally {
    ended.abort()
    await telling
  }
}

/** Of this process alone: the next one is told anew. */
export const terminal = (): Receiver => ({
  name: `terminal ${process.pid} ${Date.now()}`,
  deliver: async ({ text }) => progress(text),
})

/** The same for programs: a notice a line. */
export const lines = (): Receiver => ({
  ...terminal(),
  deliver: async (notice) => void process.stdout.write(`${JSON.stringify(notice)}\n`),
})
