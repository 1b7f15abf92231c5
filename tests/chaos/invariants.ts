/** What holds after each fault. */
import pg from 'pg'
import { DAY_MS } from '../../contracts/duration.js'
import type { LedgerEntry } from '../../contracts/ledger/index.js'
import { isAlive } from '../../embedded/processes.js'
import { ledgerProblems } from '../sequences/invariants/ledger-problems.js'
import { processesWith, trainersBelow } from '../support/find-processes.js'
import { entriesOf, looksOf, movesOf } from '../support/steer.js'
import type { ChaosClient } from './chaos-client.js'
import type { ChaosSystem } from './chaos-system.js'

const ONCE = ['trigger', 'snapshot', 'release', 'evaluation', 'verdict'] as const

/** @returns what does not hold, in plain text */
export async function problemsAfter(on: ChaosSystem, id: string, expected: string): Promise<string[]> {
  const problems: string[] = []
  const must = (holds: boolean, what: string) => {
    if (!holds) problems.push(what)
  }
  const { registry, baseline } = on
  const [verdict] = await entriesOf(on, id, 'verdict')
  must(
    verdict?.body.verdict === expected,
    `verdict ${verdict?.body.verdict} (${verdict?.body.reason}), not ${expected}`,
  )
  if (expected === 'promoted') {
    for (const kind of ONCE) {
      const { length } = await entriesOf(on, id, kind)
      must(length === 1, `${length} entries of ${kind}`)
    }
    const releaseId = verdict?.body.releaseId
    const wanted = [
      `canary: null → ${releaseId}`,
      `production: ${baseline} → ${releaseId}`,
      `canary: ${releaseId} → null`,
    ]
    const moves = await movesOf(on, id)
    must(String(moves) === String(wanted), `moves ${moves.join('; ')}`)
  }
  for (const phase of ['canary', 'probation'] as const) {
    const days = (await looksOf(on, id))
      .filter((look) => look.phase === phase)
      .map(({ judgement }) => Date.parse(judgement.numbers.asOf) / DAY_MS)
    must(new Set(days).size === days.length, `two looks of one day: ${days.join(', ')}`)
  }
  problems.push(...ledgerProblems((await registry.ledger.entries('toy')) as LedgerEntry[]))
  const verified = await registry.ledger.verify()
  problems.push(...verified.problems.map((problem) => JSON.stringify(problem)))
  return problems
}

/** Decisions and labels that were answered and are not recorded, or not as they were answered. */
export async function lostAnswers({ superuserUrl }: ChaosSystem, client: ChaosClient): Promise<string[]> {
  const database = new pg.Client({ connectionString: superuserUrl })
  await database.connect()
  try {
    const ids = [client.decisions.map(({ decisionId }) => decisionId)]
    const { rows } = await database.query<{ id: string; release: string }>(
      'select decision_id as id, release_id as release from decisions where decision_id = any($1)',
      ids,
    )
    // A label that is delivered before its decision is written waits for the next search.
    const labelled = await database.query<{ id: string }>(
      `select decision_id as id from outcomes where decision_id = any($1)
       union select decision_id from early_labels where decision_id = any($1)`,
      ids,
    )
    const recorded = new Map(rows.map(({ id, release }) => [id, release]))
    const labels = new Set(labelled.rows.map(({ id }) => id))
    return [
      ...(recorded.size === rows.length ? [] : ['a decision is recorded twice']),
      ...client.decisions.flatMap(({ decisionId, releaseId }) =>
        recorded.get(decisionId) === releaseId
          ? []
          : [`decision ${decisionId} is ${recorded.get(decisionId) ?? 'lost'}`],
      ),
      ...client.labels.flatMap((id) => (labels.has(id) ? [] : [`the label of ${id} is lost`])),
    ]
  } finally {
    await database.end()
  }
}

/** Processes of workers that have ended, and trainers without a release. */
export async function orphans({ workers }: ChaosSystem): Promise<string[]> {
  const found: string[] = []
  for (const { pid, home } of workers) {
    const left = (await isAlive(pid)) ? await trainersBelow(`${home}/`) : await processesWith(`${home}/`)
    found.push(...left.map((one) => `process ${one} of worker ${pid} is left`))
  }
  return found
}
