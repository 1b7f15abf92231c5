/** Writes decisions to the database, with a time limit of its own for each flush. */
import { SlipwayError } from '../../contracts/failure.js'
import type { DecisionRow, Registry, StoredDecision } from '../../registry/index.js'

export type DatabaseWriter = ReturnType<typeof createDatabaseWriter>

export interface WriterOptions {
  /** Wall ms. */
  readonly timeoutMs: number
  readonly onFlush: ((rows: number, ms: number) => void) | undefined
  readonly onProblem: ((text: string) => void) | undefined
}

export function createDatabaseWriter(
  project: string,
  registry: Pick<Registry, 'evidence'>,
  { timeoutMs, onFlush, onProblem }: WriterOptions,
) {
  /** @returns what is stored for each id of a caller @throws SlipwayError Unavailable without an answer in time */
  const write = async (rows: readonly DecisionRow[]): Promise<Map<string, StoredDecision>> => {
    const begun = performance.now()
    const stored = await within(timeoutMs, registry.evidence.logDecisions(project, rows))
    onFlush?.(rows.length, performance.now() - begun)
    return new Map(stored.map((row) => [row.decisionId, row]))
  }
  return {
    write,

    /**
     * Writes rows whose decisions were answered. One that the database refuses is reported and left out, so that the
     * others are written.
     */
    async writeSpooled(rows: readonly DecisionRow[]): Promise<void> {
      try {
        await write(rows)
      } catch (error) {
        if (isUnavailable(error)) throw error
        for (const row of rows) {
          await write([row]).catch((refusal: unknown) => {
            if (isUnavailable(refusal)) throw refusal
            onProblem?.(`spooled decision ${row.decisionId} was refused: ${refusal}`)
          })
        }
      }
    },
  }
}

export const isUnavailable = (error: unknown): boolean => error instanceof SlipwayError && error.type === 'Unavailable'

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
