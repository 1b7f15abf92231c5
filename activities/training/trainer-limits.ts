import { durationMs, spanInWords } from '../../contracts/duration.js'
import { errorText } from '../../contracts/error-text.js'
import { SlipwayError } from '../../contracts/failure.js'
import type { TrainingLimits } from '../../projects/project.js'
import { folderSize } from './folder-size.js'

const DEFAULTS: TrainingLimits = { time: '90m', silence: '15m', bytes: 2 * 1024 ** 3 }

/** The longest time that the activity's own time limit allows. */
const LONGEST = '1d'
const CHECK_EVERY_MS = 500

export interface LimitsInMs {
  readonly timeMs: number
  readonly silenceMs: number
  readonly bytes: number
}

/** @throws SlipwayError BadRequest for an invalid limit */
export function limitsOf(project: { readonly name: string; readonly training?: Partial<TrainingLimits> }): LimitsInMs {
  const { time, silence, bytes } = { ...DEFAULTS, ...project.training }
  const span = (field: string, value: string): number => {
    try {
      const ms = durationMs(value)
      if (ms > 0 && ms <= durationMs(LONGEST)) return ms
    } catch {
      // Reported below.
    }
    throw new SlipwayError(
      'BadRequest',
      `training.${field} of project ${project.name} is "${value}"; it must be a duration of at most ${LONGEST}, as in 90m`,
    )
  }
  if (!(bytes > 0)) {
    throw new SlipwayError('BadRequest', `training.bytes of project ${project.name} is ${bytes}; it must be above zero`)
  }
  return { timeMs: span('time', time), silenceMs: span('silence', silence), bytes }
}

/**
 * Watches a trainer from outside: how long it runs, how long it prints nothing, how much it writes.
 * @param trainer `lastOutputAt` is the time (performance.now) of its last output
 * @param onProblem called at most once
 * @returns a function that ends the watch
 */
export function watchLimits(
  { timeMs, silenceMs, bytes }: LimitsInMs,
  trainer: { folders: readonly string[]; lastOutputAt: () => number },
  onProblem: (problem: SlipwayError) => void,
): () => void {
  const began = performance.now()
  let over = false
  const stop = (problem: string) => {
    if (over) return
    end()
    onProblem(new SlipwayError('TrainerMisbehaved', `the trainer was killed: ${problem}`))
  }
  const check = async () => {
    const now = performance.now()
    if (now - began > timeMs) return stop(`it ran longer than its limit of ${spanInWords(timeMs)}`)
    if (now - trainer.lastOutputAt() > silenceMs)
      return stop(`it printed nothing for ${spanInWords(silenceMs)}, its limit`)
    const sizes = await Promise.all(trainer.folders.map(folderSize))
    const size = sizes.reduce((sum, one) => sum + one, 0)
    if (size > bytes) stop(`it wrote ${inWords(size)}, more than its limit of ${inWords(bytes)}`)
  }
  let checking = false
  const timer = setInterval(() => {
    // Counting very many files may take longer than the time between two checks.
    if (checking) return
    checking = true
    check()
      .catch((error: unknown) => stop(`its folder cannot be read: ${errorText(error)}`))
      .finally(() => {
        checking = false
      })
  }, CHECK_EVERY_MS)
  const end = () => {
    over = true
    clearInterval(timer)
  }
  return end
}

function inWords(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB']
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10))
  return `${Math.round((bytes / 1024 ** power) * 10) / 10} ${units[power]}`
}
