import type { Judgement } from '../../contracts/types.js'

const figure = (value: number): string => value.toFixed(4)

/** What judge 2 measures beside the effect, with a comma before each; empty for a look of judge 1. */
export function judge2Text({ designEffect, balanced, acrossDays }: Judgement['numbers']): string {
  const parts: string[] = []
  if (designEffect !== undefined) parts.push(`design effect ${designEffect.toFixed(2)}`)
  if (balanced) {
    const interval = balanced.interval ? `[${balanced.interval.map(figure).join(', ')}]` : 'no interval yet'
    parts.push(`for a promotion ${interval} from ${balanced.days} balanced days`)
  }
  if (acrossDays) {
    const { used, q, p, tau2, constant } = acrossDays
    const shown = constant === undefined ? '' : `, constant ${constant.toFixed(1)}`
    parts.push(`days ${used}: Q ${q.toFixed(1)}, p ${figure(p)}, τ² ${figure(tau2)}${shown}`)
  }
  return parts.map((part) => `, ${part}`).join('')
}
