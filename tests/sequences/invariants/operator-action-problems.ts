/**
 * Every operator action that reached a run is recorded once and answered once, and no other action is recorded. An
 * abort is refused only when the run is done, or when the name of its sender is too long.
 */
import { NAME_RULE } from '../../../contracts/limits.js'
import type { ReleaseState } from '../../../contracts/messages.js'
import type { ReceivedAction } from '../sequence-model.js'

export function operatorActionProblems(
  workflowId: string,
  { actions }: ReleaseState,
  all: readonly ReceivedAction[],
): string[] {
  const sent = all.filter((one) => one.workflowId === workflowId)
  // Superseding actions come from other runs, by their policies.
  const received = actions.filter(({ id }) => !id.startsWith('supersede:'))
  const ids = new Set(sent.flatMap(({ id }) => (id === null ? [] : [id])))
  const withoutId = sent.filter(({ id }) => id === null).length
  const expected = ids.size + withoutId
  const count = received.length === expected ? [] : [`${expected} actions were sent, ${received.length} received`]
  const answers = sent.flatMap(({ action, id, answer }) => {
    if (id === null) return []
    const found = received.find((one) => one.id === id)
    if (!found) return [`${action} ${id} was not received`]
    if (answer && answer.accepted !== found.accepted) return [`${action} ${id} was answered in two ways`]
    return []
  })
  const refused = received
    .filter(({ action, accepted }) => action === 'abort' && !accepted)
    .filter(({ message }) => !/stage done/.test(message) && message !== `refused: by ${NAME_RULE}`)
    .map(({ id, message }) => `abort ${id} was refused: ${message}`)
  return [...count, ...answers, ...refused]
}
