import { createHash } from 'node:crypto'

/**
 * The name under which deliveries to a webhook are recorded: its host, and a digest that tells two addresses of one
 * host apart. An address often holds a token, and names stand in logs and in tables that keep every row.
 */
export function webhookName(address: string): string {
  const digest = createHash('sha256').update(address).digest('hex').slice(0, 12)
  return `webhook ${URL.canParse(address) ? new URL(address).host : 'elsewhere'} ${digest}`
}
