/** Writes decisions to the database, with a time limit of its own for each flush. */
import { errorText } from '../../contracts/error-text.js'
import { SlipwayError } from '../../contracts/failure.js'
import { type DecisionRow, isRefusedRow, type Registry, type StoredDecision } from '../../registry/index.js'
import type { RefusedLine, SpooledRow } from './spool-lines.js'

export type DatabaseWriter = ReturnType<typeof createDatabaseWriter>

export interface WriterOptions {
  /** Wall ms. */
  readonly timeoutMs: number
  readonly onFlush: ((rows: number, ms: number) => void) | undefined
  readonly onProblem: ((text: string) => void) | undefined
  /** Ids of decisions that were spooled and are in the database now. */
  readonly onSpooledWritten: ((ids: readonly string[]) => void) | undefined
}

export function createDatabaseWriter(
  project: string,
  registry: Pick<Registry, 'evidence'>,
  { timeoutMs, onFlush, onProblem, onSpooledWritten }: WriterOptions,
) {
  /** @returns what is stored for each id of a caller @throws SlipwayError Unavailable without an answer in time */
  const write = async (rows: readonly DecisionRow[]): Promise<Map<string, StoredDecision>> => {
    const begun = performance.now()
    const stored = await within(timeoutMs, registry.evidence.logDecisions(project, rows))
    onFlush?.(rows.length, performance.now() - begun)
    return new Map(stored.map((row) => [row.decisionId, row]))
  }
  /** @returns the rows that the database refuses, each found by halving; the others are written */
  const writeSpooled = async (rows: readonly SpooledRow[]): Promise<RefusedLine[]> => {
    if (rows.length === 0) return []
    try {
      await write(rows.map(({ row }) => row))
      onSpooledWritten?.(rows.map(({ row }) => row.decisionId))
      return []
    } catch (error) {
      if (!isRefusedRow(error)) throw error
      const [only] = rows
      if (only && rows.length === 1) {
        const problem = errorText(error)
        onProblem?.(`spooled decision ${only.row.decisionId} was refused, and is kept beside its spool: ${problem}`)
        return [{ line: only.line, problem }]
      }
      const half = rows.length >> 1
      return [...(await writeSpooled(rows.slice(0, half))), ...(await writeSpooled(rows.slice(half)))]
    }
  }
  return { write, writeSpooled }
}

/** A flush without an answer may have been written: its rows are written again as rows that may exist already. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new SlipwayError('Unavailable', `the database has not answered for ${ms} ms`)), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
    work.catch(() => {})
  }
}
