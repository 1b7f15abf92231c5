import { SlipwayError } from '../contracts/failure.js'

/** The registry cannot be reached, or has not answered in time. */
export const isUnavailable = (error: unknown): boolean => error instanceof SlipwayError && error.type === 'Unavailable'
