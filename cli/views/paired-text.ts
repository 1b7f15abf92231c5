import type { Judgement } from '../../contracts/types.js'

const figure = (value: number | null): string => (value === null ? '–' : value.toFixed(4))

/** Losses of the shadow beside those of production, in a few words; empty where they are not compared. */
export function pairedText({ paired }: Judgement['numbers']): string {
  if (!paired) return ''
  const { labelled, effect, interval, conclusions } = paired
  const range = interval ? `[${interval.map(figure).join(', ')}]` : 'no interval yet'
  const shown = conclusions.length > 0 ? `, shows ${conclusions.join(' and ')}` : ''
  return `, on ${labelled} same requests: effect ${figure(effect)} ${range}${shown}`
}
