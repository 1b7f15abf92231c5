import { SlipwayError } from '../../contracts/failure.js'
import type { ArtifactStore } from '../artifacts/artifact-store.js'
import type { Database } from '../database/connect.js'
import { artifactState } from '../retention/artifact-state.js'
import type { Problem } from './ledger-area.js'
import type { Place } from './verify-manifests.js'

interface Found {
  /** How many were checked, including missing ones. */
  readonly checked: number
  readonly problems: readonly Problem[]
  readonly dropped: readonly Problem[]
}

/** Checks every artifact against its digest. One that was dropped by policy is neither a problem nor a pass. */
export async function verifyArtifacts(
  { db, store }: { db: Database; store: ArtifactStore },
  artifacts: ReadonlyMap<string, Place>,
): Promise<Found> {
  const problems: Problem[] = []
  const dropped: Problem[] = []
  for (const [digest, place] of artifacts) {
    try {
      await store.verify(digest)
    } catch (error) {
      if (!(error instanceof SlipwayError)) throw error
      // Read after the bytes, because they may be dropped between the two reads.
      const state = await artifactState(db, digest)
      if (state.state === 'dropped') {
        const { project, seq, at } = state
        dropped.push({ project, seq, what: `artifact dropped by policy on ${at}, digest ${digest}` })
      } else problems.push({ ...place, what: error.message })
    }
  }
  return { checked: artifacts.size - dropped.length, problems, dropped }
}
