/** Parts of the traffic that the judge also looks at by themselves. Free of zod: workflow code may import this file. */

/** Segment of a decision whose segments could not be computed. No policy may use the name. */
export const UNKNOWN_SEGMENT = 'unknown'

/** Each further segment widens the intervals of all. */
export const MOST_SEGMENTS = 20
