import { SlipwayError } from '../../contracts/failure.js'
import type { ArtifactStore, Registry } from '../../registry/index.js'

/** Whether `--snapshot` names stored data and not a path. */
export const isStored = (source: string): boolean => source.startsWith('sha256:')

const DIGEST = /^sha256:[0-9a-f]{64}$/

interface Needs {
  readonly registry: Pick<Registry, 'ledger' | 'retention'>
  readonly artifacts: Pick<ArtifactStore, 'size'>
}

/** @throws SlipwayError BadRequest when no such snapshot was added for the project, or it was dropped or lost since */
export async function requireKnownSource(
  { registry, artifacts }: Needs,
  project: string,
  digest: string,
): Promise<void> {
  const again = `add it with: slipway snapshot add ${project} PATH`
  if (!DIGEST.test(digest))
    throw new SlipwayError('BadRequest', `snapshot "${digest}" is not a digest: sha256: and 64 hex digits; ${again}`)
  if (!(await registry.ledger.hasSource(project, digest)))
    throw new SlipwayError('BadRequest', `no snapshot ${digest} was added for ${project}; ${again}`)
  const state = await registry.retention.artifactState(digest, project)
  if (state.state === 'dropped')
    throw new SlipwayError('BadRequest', `snapshot ${digest} was dropped by policy on ${state.at}; ${again}`)
  if ((await artifacts.size(digest)) === null)
    throw new SlipwayError('BadRequest', `snapshot ${digest} is missing from the artifact store; ${again}`)
}
