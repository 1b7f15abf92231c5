import type { DecisionRow, StoredDecision } from '../../registry/index.js'

/**
 * The answers of spooled decisions with a caller's own id: the same id again gets the same answer before it is in the
 * database.
 */
export function createSpooledAnswers(project: string) {
  const answers = new Map<string, StoredDecision>()
  return {
    notYetSpooled: (rows: readonly DecisionRow[]): DecisionRow[] =>
      rows.filter((row) => row.fresh || !answers.has(row.decisionId)),

    /** Null for an id that the service made; else the first spooled decision with this id. */
    answerTo(row: DecisionRow): StoredDecision | null {
      if (row.fresh) return null
      const known = answers.get(row.decisionId) ?? asStored(project, row)
      answers.set(row.decisionId, known)
      return known
    },

    clear: () => answers.clear(),
  }
}

const asStored = (project: string, row: DecisionRow): StoredDecision => ({
  project,
  decisionId: row.decisionId,
  releaseId: row.releaseId,
  arm: row.arm,
  action: row.action,
  output: row.output as StoredDecision['output'],
  inputDigest: row.inputDigest ?? null,
})
