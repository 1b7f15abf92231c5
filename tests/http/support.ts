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
