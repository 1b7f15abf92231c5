/** Every word that reached a run is heard once, answered once, and none is made up; an abort is never turned away without cause. */
import type { ReleaseState } from '../../../contracts/messages.js'
import type { ReceivedAction } from '../model.js'

export function wordProblems(workflowId: string, { actions }: ReleaseState, all: readonly ReceivedAction[]): string[] {
  const words = all.filter((word) => word.workflowId === workflowId)
  // From other runs, as their policies say.
  const heard = actions.filter(({ id }) => !id.startsWith('supersede:'))
  const ids = new Set(words.flatMap(({ id }) => (id === null ? [] : [id])))
  const unnamed = words.filter(({ id }) => id === null).length
  const expected = ids.size + unnamed
  const count = heard.length === expected ? [] : [`${expected} words were said, ${heard.length} heard`]
  const answers = words.flatMap(({ action, id, answer }) => {
    if (id === null) return []
    const found = heard.find((word) => word.id === id)
    if (!found) return [`${action} ${id} was not heard`]
    if (answer && answer.accepted !== found.accepted) return [`${action} ${id} was answered in two ways`]
    return []
  })
  const refused = heard
    .filter(({ action, accepted, message }) => action === 'abort' && !accepted && !/stage done/.test(message))
    .map(({ id, message }) => `abort ${id} was refused: ${message}`)
  return [...count, ...answers, ...refused]
}
