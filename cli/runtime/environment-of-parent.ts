import { SlipwayError } from '../../contracts/failure.js'

/**
 * Waits for what the parent knows only when it has started its servers. Until then this process loads its modules,
 * which takes as long.
 */
export function environmentOfParent(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const gone = () => reject(new SlipwayError('Unavailable', 'the process that started this one has ended'))
    if (!process.connected) gone()
    process.once('disconnect', gone)
    signal.addEventListener('abort', gone, { once: true })
    process.once('message', (environment: Readonly<Record<string, string>>) => {
      process.off('disconnect', gone)
      Object.assign(process.env, environment)
      resolve()
    })
  })
}
