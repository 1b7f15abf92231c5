import { SlipwayError } from '../../contracts/failure.js'

/** No run and no release has this id. */
export class UnknownRun extends SlipwayError {
  constructor(id: string) {
    super('BadRequest', `no release or release run "${id}"; see: slipway release list`)
  }
}
