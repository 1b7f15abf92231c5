/**
 * Recomputes everything the registry rests on. What it cannot see: somebody who may disable the triggers and rewrites a
 * chain to its end, heads included. For that a hash of the chain must be kept elsewhere.
 */
import type { Transaction } from 'kysely'
import type { ArtifactStore } from '../artifacts/store.js'
import type { Database } from '../database/connect.js'
import type { Tables } from '../database/tables.js'
import { verifyDays } from '../days/verify.js'
import type { Registry } from '../registry.js'
import type { Problem, Verification } from './ledger-area.js'
import { ledgerProjects, rowsOf } from './pages.js'
import { verifyArtifacts } from './verify-artifacts.js'
import { createManifestCheck } from './verify-manifests.js'
import { createWalk } from './walk.js'

export function createVerifier(
  db: Database,
  store: ArtifactStore,
  digestDay: Registry['retention']['digestDay'],
): () => Promise<Verification> {
  return async () => {
    // One snapshot of the database: appends meanwhile must not look like a head that is ahead of its chain.
    const chains = await db
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute(walkAll)
    const bytes = await verifyArtifacts({ db, store }, chains.artifacts)
    const { days, problems, dropped } = await verifyDays(db, digestDay)
    return {
      entries: chains.entries,
      artifacts: bytes.checked,
      days,
      problems: [...chains.problems, ...bytes.problems, ...problems],
      dropped: [...bytes.dropped, ...dropped],
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
