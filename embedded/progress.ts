/** Receives one line of progress for the user. */
export type Progress = (line: string) => void

export const silent: Progress = () => {}

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 9_950 ? 1 : 0)} s`

const REPEAT_MS = 10_000

/** Reports what is being done at once, and again every ten seconds with the elapsed time. */
export async function whileWaiting<T>(onProgress: Progress, doing: string, work: () => Promise<T>): Promise<T> {
  const begun = Date.now()
  onProgress(`${doing} …`)
  const ticker = setInterval(() => onProgress(`${doing} … ${seconds(Date.now() - begun)}`), REPEAT_MS)
  try {
    return await work()
  } finally {
    clearInterval(ticker)
  }
}
