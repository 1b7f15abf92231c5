/** Accidents of a sequence: activities that run, but whose completion is lost. */
export interface Accidents {
  /** How many more completions are lost, as if the worker died after the work: the work is repeated. */
  lost: number
  /** Whether the completion of this attempt is lost. */
  takes(attempt: number): boolean
}

/** At most two completions of one activity: activities of a project are tried four times. */
const LOST_OF_ONE = 2

export const createAccidents = (): Accidents => ({
  lost: 0,
  takes(attempt) {
    if (this.lost === 0 || attempt > LOST_OF_ONE) return false
    this.lost -= 1
    return true
  },
})
