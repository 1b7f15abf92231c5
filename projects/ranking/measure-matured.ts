import type { MaturedWindow } from '../project.js'

/** `loss_after_returns`: mean share of the best slate's gain that was lost, after returns. */
export function measureMatured({ decisions }: MaturedWindow): Record<string, number> {
  if (decisions.length === 0) return {}
  return { loss_after_returns: decisions.reduce((sum, { loss }) => sum + loss, 0) / decisions.length }
}
