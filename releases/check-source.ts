import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SlipwayError } from '../contracts/failure.js'
import { collectProblems, type FoundProblem } from '../projects/kit/source-problems.js'
import type { Project, SnapshotDraft } from '../projects/project.js'

export interface CheckedSource {
  readonly project: string
  readonly source: string
  /** ISO instant. */
  readonly cutoff: string
  readonly ok: boolean
  readonly problems: readonly FoundProblem[]
  /** What a release would learn from; null where nothing can be imported. */
  readonly snapshot: Pick<
    SnapshotDraft['manifest'],
    'rows' | 'labelled' | 'censored' | 'days' | 'rejected' | 'columns'
  > | null
}

/** Imports a source as a release would, into a folder that is removed. It needs no server and records nothing. */
export async function checkSource(project: Project, source: string, cutoff: number): Promise<CheckedSource> {
  const outFolder = await mkdtemp(join(tmpdir(), 'slipway-check-'))
  const problems = collectProblems()
  let snapshot: CheckedSource['snapshot'] = null
  try {
    const { manifest } = await project.importSnapshot({ source, cutoff, outFolder, problems })
    const { rows, labelled, censored, days, rejected, columns } = manifest
    snapshot = { rows, labelled, censored, days, rejected, columns }
  } catch (error) {
    if (!(error instanceof SlipwayError) || error.type !== 'BadData') throw error
    problems.add(error.message)
  } finally {
    await rm(outFolder, { recursive: true, force: true })
  }
  const found = problems.list()
  const at = new Date(cutoff).toISOString()
  return { project: project.name, source, cutoff: at, ok: found.length === 0, problems: found, snapshot }
}
