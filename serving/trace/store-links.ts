import { errorText } from '../../contracts/error-text.js'
import type { ArtifactStore, Registry } from '../../registry/index.js'
import type { TraceLink } from './types.js'

interface Stores {
  readonly registry: Pick<Registry, 'retention' | 'releases'>
  readonly artifacts: Pick<ArtifactStore, 'verify'>
}

export async function artifactLink(stores: Stores, project: string, digest: string): Promise<TraceLink> {
  return checkBytes(stores, project, 'artifact', digest, {})
}

export async function snapshotLink(stores: Stores, project: string, digest: string): Promise<TraceLink> {
  // Reading a snapshot recomputes its manifest's digest.
  const manifest = await stores.registry.releases.snapshot(digest)
  const { rows, cutoff, days, source } = manifest
  const bytes = await checkBytes(stores, project, 'snapshot', manifest.data, { digest, manifest })
  const files = source.files.map(({ name, sha256 }) => `${name} ${sha256.slice(0, 19)}…`).join(', ')
  const says = `${rows} rows up to ${cutoff}, ${days.first}..${days.last}, of ${source.name} (${files})`
  return { ...bytes, says: bytes.status === 'intact' ? says : `${says}; ${bytes.says}` }
}

async function checkBytes(
  { registry, artifacts }: Stores,
  project: string,
  name: 'artifact' | 'snapshot',
  bytes: string,
  data: Record<string, unknown>,
): Promise<TraceLink> {
  try {
    await artifacts.verify(bytes)
    return { name, status: 'intact', says: `the bytes are those of ${bytes}`, data: { ...data, bytes } }
  } catch (error) {
    const state = await registry.retention.artifactState(bytes, project)
    if (state.state === 'dropped') {
      const says = `dropped by policy on ${state.at}, digest ${bytes}`
      return { name, status: 'dropped', says, data: { ...data, bytes, dropped: state } }
    }
    const says = errorText(error)
    return { name, status: 'broken', says, data: { ...data, bytes } }
  }
}
