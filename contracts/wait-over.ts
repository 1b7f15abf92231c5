/**
 * Whether `ms` of wall time have passed since an instant; all in ms. A clock that was set back by more ends the wait
 * too: otherwise what is repeated after a wait would stop for as long as the clock was set back.
 */
export const isWaitOver = (since: number, now: number, ms: number): boolean => Math.abs(now - since) >= ms
