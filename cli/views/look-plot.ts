/**
 * A look as one line of a plot. Consecutive lines show how the interval narrows over time. Left of 0 is better.
 */
import type { Judgement } from '../../contracts/types.js'

const WIDTH = 41
/** The axis covers this many times the larger margin; values beyond it are drawn as arrows. */
const REACH = 5
const SMALLEST_MARGIN = 0.01

/**
 * `·····├──●──┤│¦·····`: interval and effect, 0 as │, the margin of a promotion as ¦. Empty where there is no interval.
 */
export function lookPlot({ interval, effect, margins }: Judgement['numbers']): string {
  if (!interval || effect === null) return ''
  const reach = REACH * Math.max(margins.nonInferiority, margins.harm, SMALLEST_MARGIN)
  const column = (value: number) => Math.round(((value / reach + 1) / 2) * (WIDTH - 1))
  const cells = Array.from({ length: WIDTH }, () => '·')
  const put = (at: number, mark: string) => {
    cells[Math.min(WIDTH - 1, Math.max(0, at))] = mark
  }
  const [low, high] = [column(interval[0]), column(interval[1])]
  for (let at = Math.max(0, low); at <= Math.min(WIDTH - 1, high); at += 1) cells[at] = '─'
  put(column(0), '│')
  put(column(margins.nonInferiority), '¦')
  put(low, low < 0 ? '◂' : '├')
  put(high, high >= WIDTH ? '▸' : '┤')
  put(column(effect), '●')
  return cells.join('')
}
