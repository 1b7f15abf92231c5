/** Parts of the traffic that the judge also looks at by themselves. Free of zod: workflow code may import this file. */

/** Segment of a decision whose segments could not be computed. No policy may use the name. */
export const UNKNOWN_SEGMENT = 'unknown'

/** Each further segment widens the intervals of all. */
export const MOST_SEGMENTS = 20

/** How the reason of a judgement begins that found harm in a segment; the name of the segment follows. */
const SEGMENT_HARM = 'segment_harm:'

export const segmentHarm = (segment: string): string => `${SEGMENT_HARM}${segment}`

/** Such a hold is measured: waiting longer, which is what an extension is for, would only expose the segment longer. */
export const isSegmentHarm = (reason: string): boolean => reason.startsWith(SEGMENT_HARM)
