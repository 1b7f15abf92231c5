/** The toy project with a trainer that may be silent for seconds only. */
import { project as toy } from '../../toy-project/index.js'

export const project: typeof toy = {
  ...toy,
  folder: new URL('.', import.meta.url),
  training: { silence: '6s' },
}
