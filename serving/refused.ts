import { boundedText } from '../contracts/bounded-text.js'

/** A request that cannot be done as it was asked; nothing was changed. */
export class Refused extends Error {
  constructor(
    readonly kind: 'unknown_project' | 'bad_input' | 'id_conflict' | 'no_such_arm' | 'not_found' | 'ambiguous',
    message: string,
  ) {
    super(boundedText(message))
    this.name = 'Refused'
  }
}
