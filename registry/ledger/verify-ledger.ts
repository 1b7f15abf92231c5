/**
 * Recomputes all hashes and digests of the registry. It cannot detect a user who may disable the triggers and rewrites
 * a ledger up to its end, including the heads: the objects of heads in the artifact store do, and a record kept
 * elsewhere (`compare-ledger.ts`).
 */
import type { Transaction } from 'kysely'
import type { ArtifactStore } from '../artifacts/artifact-store.js'
import type { NamedObjects } from '../artifacts/named-objects.js'
import type { Database } from '../database/connect.js'
import type { Tables } from '../database/tables.js'
import type { Registry } from '../registry.js'
import type { Problem, Verification } from './ledger-area.js'
import { ledgerProjects, rowsOf } from './ledger-pages.js'
import { verifyArtifacts } from './verify-artifacts.js'
import { verifyDays } from './verify-days.js'
import { verifyHeads } from './verify-heads.js'
import { createManifestCheck } from './verify-manifests.js'
import { createWalk } from './walk-ledger.js'

interface Needs {
  readonly db: Database
  readonly store: ArtifactStore
  readonly objects: NamedObjects
  readonly digestDay: Registry['retention']['digestDay']
}

export function createVerifier({ db, store, objects, digestDay }: Needs): () => Promise<Verification> {
  return async () => {
    // One database snapshot: otherwise concurrent appends would look like a head that is ahead of its ledger.
    const ledgers = await db
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute(walkAll)
    const bytes = await verifyArtifacts({ db, store }, ledgers.artifacts)
    const { days, problems, dropped, covered } = await verifyDays(db, digestDay)
    const kept = await verifyHeads(db, objects)
    return {
      entries: ledgers.entries,
      artifacts: bytes.checked,
      days,
      problems: [...ledgers.problems, ...kept.problems, ...bytes.problems, ...problems],
      dropped: [...bytes.dropped, ...dropped],
      covered,
      heads: kept.heads,
    }
  }
}

async function walkAll(db: Transaction<Tables>) {
  const heads = new Map((await db.selectFrom('chain_heads').selectAll().execute()).map((head) => [head.project, head]))
  const projects = await ledgerProjects(db)
  const problems: Problem[] = []
  const manifests = createManifestCheck()
  let entries = 0
  for (const project of projects) {
    const walk = createWalk(project)
    for await (const row of rowsOf(db, project)) {
      entries += 1
      problems.push(...walk.step(row), ...manifests.step(row))
    }
    const head = heads.get(project)
    problems.push(...walk.end(head && { seq: Number(head.seq), hash: head.hash }))
  }
  problems.push(...manifests.end())
  return { entries, problems, artifacts: manifests.artifacts }
}
