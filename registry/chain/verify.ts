/**
 * Recomputes everything the registry rests on. What it cannot see: somebody who may disable the triggers and rewrites a
 * chain to its end, heads included. For that a hash of the chain must be kept elsewhere.
 */
import type { Transaction } from 'kysely'
import type { ArtifactStore } from '../artifacts/store.js'
import type { Database } from '../database/connect.js'
import type { Tables } from '../database/tables.js'
import { verifyDays } from '../days/verify.js'
import type { Problem, Registry, Verification } from '../types.js'
import { ENTRY_COLUMNS } from './entry.js'
import { createManifestCheck, verifyArtifacts } from './verify-manifests.js'
import { createWalk } from './walk.js'

/** Entries a read; a judgement's body is a few KiB. */
const PAGE = 500

export function createVerifier(
  db: Database,
  artifacts: ArtifactStore,
  digestDay: Registry['digestDay'],
): () => Promise<Verification> {
  return async () => {
    // One snapshot of the database: appends meanwhile must not look like a head that is ahead of its chain.
    const chains = await db
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute(walkAll)
    const bytes = await verifyArtifacts(artifacts, chains.artifacts)
    const { days, problems } = await verifyDays(db, digestDay)
    return {
      ...{ entries: chains.entries, artifacts: chains.artifacts.size, days },
      problems: [...chains.problems, ...bytes, ...problems],
    }
  }
}

async function walkAll(db: Transaction<Tables>) {
  const heads = new Map((await db.selectFrom('chain_heads').selectAll().execute()).map((head) => [head.project, head]))
  const started = await db.selectFrom('chain_entries').select('project').distinct().execute()
  const projects = [...new Set([...heads.keys(), ...started.map(({ project }) => project)])].sort()
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

async function* rowsOf(db: Transaction<Tables>, project: string) {
  let after = Number.MIN_SAFE_INTEGER
  for (;;) {
    const page = await db
      .selectFrom('chain_entries')
      .select(ENTRY_COLUMNS)
      .where('project', '=', project)
      .where('seq', '>', String(after))
      .orderBy('seq')
      .limit(PAGE)
      .execute()
    yield* page
    const last = page.at(-1)
    if (!last) return
    after = Number(last.seq)
  }
}
