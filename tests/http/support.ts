/** A decision service on the registry and the Temporal server of another harness. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createArtifactStore } from '../../registry/index.js'
import { type Gateway, type GatewayOptions, openGateway } from '../serving/support.js'
import type { Steered } from '../support/steer.js'

type On = Steered & { readonly environment: Readonly<Record<string, string>> }

/** Operator actions go to the Temporal server of the harness. */
export async function gatewayOn({ client, registry, environment }: On, options: GatewayOptions = {}): Promise<Gateway> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-http-'))
  const artifacts = createArtifactStore(environment.SLIPWAY_ARTIFACTS ?? '')
  const gateway = await openGateway({ registry, artifacts, folder }, { withClient: (work) => work(client), ...options })
  return {
    ...gateway,
    async close() {
      await gateway.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

interface Sent {
  readonly status: number
  readonly location: string | null
  readonly text: string
}

export interface OpenedForm {
  readonly text: string
  /** Its hidden fields. */
  readonly fields: Readonly<Record<string, string>>
  send(fields: Record<string, string>, headers?: Record<string, string>): Promise<Sent>
}

type Fetch = (
  url: string,
  init?: { method?: string; headers?: Record<string, string>; body?: URLSearchParams },
) => Promise<Response>

/** Opens the page of a form, and sends it as a browser does. @param send absent: without cookies */
export async function openForm(
  { url }: Pick<Gateway, 'url'>,
  path: string,
  send: Fetch = (to, init) => fetch(to, { ...init, redirect: 'manual' }),
): Promise<OpenedForm> {
  const accept = { accept: 'text/html', origin: url }
  const text = await (await send(`${url}${path}`, { headers: { accept: 'text/html' } })).text()
  const fields = hiddenFields(text)
  return {
    text,
    fields,
    async send(more, headers = {}) {
      const body = new URLSearchParams({ ...fields, ...more })
      const response = await send(`${url}${path}`, { method: 'POST', headers: { ...accept, ...headers }, body })
      return { status: response.status, location: response.headers.get('location'), text: await response.text() }
    },
  }
}

export function hiddenFields(page: string): Record<string, string> {
  const form = /<form method="post" action="[^"]*" class="act">.*?<\/form>/s.exec(page)?.[0] ?? ''
  const found = form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)
  return Object.fromEntries([...found].map(([, name = '', value = '']) => [name, value.replaceAll('&quot;', '"')]))
}
