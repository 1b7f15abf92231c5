/** Joins labels that arrived before their decisions, once the decisions are written. */
import type { Project } from '../projects/project.js'
import type { Outcomes } from './outcomes.js'

/** Of one search. */
const MOST_IDS = 5_000

/** Call it after a decision was written. */
export type EarlyLabels = (project: Project, decisionId: string) => void

/**
 * One search at a time per project, for all decisions written since the last one began: a search for each decision
 * would be as many queries as requests.
 */
export function createEarlyLabels(
  { joinEarly }: Pick<Outcomes, 'joinEarly'>,
  report: (error: unknown) => void,
): EarlyLabels {
  const waiting = new Map<string, string[]>()
  const search = async (project: Project, ids: string[]): Promise<void> => {
    while (ids.length > 0) {
      // Decisions of one flush are answered in the same turn.
      await new Promise(setImmediate)
      await joinEarly(project, ids.splice(0, MOST_IDS)).catch(report)
    }
    waiting.delete(project.name)
  }
  return (project, decisionId) => {
    const ids = waiting.get(project.name)
    if (ids) {
      ids.push(decisionId)
      return
    }
    const first = [decisionId]
    waiting.set(project.name, first)
    void search(project, first)
  }
}
