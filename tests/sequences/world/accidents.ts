/** What a sequence asks for: activities that are done and nobody hears of it. */
export interface Accidents {
  /** Of so many activities the worker dies after the work and before it has told of it: the work is done once more. */
  lost: number
  /** Whether this one is such. */
  takes(attempt: number): boolean
}

/** Twice at most of one activity: a project's are tried four times. */
const LOST_OF_ONE = 2

export const createAccidents = (): Accidents => ({
  lost: 0,
  takes(attempt) {
    if (this.lost === 0 || attempt > LOST_OF_ONE) return false
    this.lost -= 1
    return true
  },
})
