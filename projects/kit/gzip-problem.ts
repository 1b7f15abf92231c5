/** What is wrong with a packed file and how to fix it; undefined for an error that unpacking did not cause. */
export function gzipProblem(error: unknown): string | undefined {
  const { code, message } = (error ?? {}) as NodeJS.ErrnoException
  if (code === 'Z_BUF_ERROR') return 'is truncated: the gzip stream ends early'
  if (code !== 'Z_DATA_ERROR') return undefined
  return `cannot be unpacked (${message}): it is damaged, or other bytes follow the gzip stream; pack it again with gzip`
}
