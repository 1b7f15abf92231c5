import { decimalOf } from '../../contracts/decimal.js'
import { SlipwayError } from '../../contracts/failure.js'

export type TrainerParameters = Readonly<Record<string, number | string | boolean>>

/**
 * Collects repeated `--parameter name=value` options. `true`, `false` and numbers are typed; any other value is text.
 * @throws SlipwayError BadRequest for a text without `=`
 */
export function collectParameter(text: string, collected: TrainerParameters = {}): TrainerParameters {
  const [name, ...rest] = text.split('=')
  if (!name || rest.length === 0) throw new SlipwayError('BadRequest', `--parameter "${text}" is not name=value`)
  return { ...collected, [name]: typed(rest.join('=')) }
}

function typed(value: string): number | string | boolean {
  if (value === 'true' || value === 'false') return value === 'true'
  const number = decimalOf(value)
  return Number.isNaN(number) ? value : number
}
