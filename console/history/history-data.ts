/** What was in production when, over the newest moves of a project's aliases. */
import { SlipwayError } from '../../contracts/failure.js'
import { readInstant } from '../../contracts/read-instant.js'
import type { AliasMoveRecord, EvaluationSummary, Registry, ReleaseRecord } from '../../registry/index.js'
import { Refused } from '../../serving/refused.js'

export interface HistoryQuery {
  /** Releases whose tuples are compared. */
  readonly a: string | null
  readonly b: string | null
  /** As typed. */
  readonly at: string | null
  readonly metric: string | null
  /** Only moves before this place in the ledger. */
  readonly before: string | null
}

export interface History {
  readonly project: string
  readonly query: HistoryQuery
  /** Oldest first; at most `MOVES_SHOWN`. */
  readonly moves: readonly AliasMoveRecord[]
  readonly more: boolean
  /** Releases that were production lately, the newest first. */
  readonly productions: readonly string[]
  readonly production: string | null
  readonly evaluations: readonly EvaluationSummary[]
  readonly compared: readonly [ReleaseRecord, ReleaseRecord] | null
  /** Production at the instant that was asked for. */
  readonly found: { readonly at: string; readonly release: string | null } | null
  /** What was asked for and cannot be answered. */
  readonly problem: string | null
  /** Wall time in epoch ms at which the newest of the moves that are shown end. */
  readonly until: number
}

export const MOVES_SHOWN = 100
const EVALUATIONS_SHOWN = 60

/** @param known a project of this service may have no ledger yet @throws Refused when there is no such project */
export async function gatherHistory(
  registry: Registry,
  { project, known, query, now }: { project: string; known: readonly string[]; query: HistoryQuery; now: number },
): Promise<History> {
  const { aliases } = registry
  const before = query.before !== null && /^\d{1,15}$/.test(query.before) ? Number(query.before) : undefined
  const [earlier, ofProduction, { production }] = await Promise.all([
    aliases.newest(project, { most: MOVES_SHOWN + 1, before }),
    aliases.newest(project, { most: MOVES_SHOWN, alias: 'production' }),
    aliases.current(project),
  ])
  if (ofProduction.length === 0 && !known.includes(project))
    throw new Refused('unknown_project', `project "${project}" is unknown`)
  // The first move of the page before ends what this one shows.
  const [following] = before === undefined ? [] : await aliases.newest(project, { most: 1, before: before + 1 })
  const names = [...new Set(ofProduction.map(({ to }) => to))].filter((name) => name !== null).reverse()
  const problems: string[] = []
  const instant = query.at === null || query.at === '' ? undefined : readInstant(query.at)
  if (query.at && !instant) problems.push(`"${query.at}" is not a time; write it as 2026-01-03 or 2026-01-03T10:00Z.`)
  const at = instant && new Date(instant.at).toISOString()
  const [a, b] = [query.a, query.b]
  const compared =
    a && b
      ? await Promise.all([ownRelease(registry, project, a), ownRelease(registry, project, b)]).catch(
          (error: Error) => {
            problems.push(error.message)
            return null
          },
        )
      : null
  return {
    project,
    query,
    moves: earlier.slice(-MOVES_SHOWN),
    more: earlier.length > MOVES_SHOWN,
    productions: names,
    production,
    evaluations: await registry.fleet.evaluations(project, EVALUATIONS_SHOWN),
    compared,
    found: at === undefined ? null : { at, release: await registry.aliases.at(project, 'production', at) },
    problem: problems.length === 0 ? null : problems.join(' '),
    until: following ? Date.parse(following.at) : now,
  }
}

/** Ids and digests are those of all projects; who may read this project may not read another. */
async function ownRelease(registry: Registry, project: string, id: string): Promise<ReleaseRecord> {
  const found = await registry.releases.get(id).catch((error: unknown) => {
    if (error instanceof SlipwayError && error.type === 'BadRequest') return null
    throw error
  })
  if (found?.project === project) return found
  throw new SlipwayError('BadRequest', `release "${id}" of ${project} is unknown; its page lists those that it has`)
}
