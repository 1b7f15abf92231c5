/** Columns of a table of looks that only judge 2 fills; none where every look is judge 1’s. */
import type { RecordedLook } from '../../../contracts/ledger/index.js'
import type { Judgement } from '../../../contracts/types.js'
import { html, type Markup, number } from '../../html.js'

type Numbers = Judgement['numbers']

interface Column {
  readonly head: string
  readonly of: (numbers: Numbers) => string
  /** What a reader has to know to read it. */
  readonly about: string
}

const intervalOf = (interval: [number, number] | null): string =>
  interval === null ? '–' : `[${interval.map(number).join(', ')}]`

const constantOf = (value: number | undefined): string => (value === undefined ? '' : `; constant ${number(value)}`)

const COLUMNS: readonly (Column & { readonly is: (numbers: Numbers) => boolean })[] = [
  {
    head: 'design effect',
    is: ({ designEffect }) => designEffect !== undefined,
    of: ({ designEffect }) => number(designEffect),
    about: 'Design effect: how many times as large the variance is because entities return, as measured.',
  },
  {
    head: 'balanced days: interval',
    is: ({ balanced }) => Boolean(balanced),
    of: ({ balanced }) => (balanced ? `${balanced.days}: ${intervalOf(balanced.interval)}` : '–'),
    about:
      'Balanced days: losses are unbounded, so only days with at most four decisions in one arm for one in the other count for a promotion, and this interval decides it.',
  },
  {
    head: 'days: Q, p, τ²',
    is: ({ acrossDays }) => Boolean(acrossDays),
    of: ({ acrossDays }) =>
      acrossDays
        ? `${acrossDays.used}: ${number(acrossDays.q)}, ${number(acrossDays.p)}, ${number(acrossDays.tau2)}${constantOf(acrossDays.constant)}`
        : '–',
    about:
      'Days: whether the daily effects disagree by more than chance (Cochran’s Q and its p-value), and the variance of the effect from day to day (τ²). With “fixed” a small p blocks a promotion, and so does a number below 2 after “constant”: it compares one constant effect with effects that vary from day to day. With “random” τ² is in the interval.',
  },
]

export interface Judge2Columns {
  readonly heads: readonly string[]
  readonly cells: (numbers: Numbers) => string[]
  readonly note: Markup | false
}

export function judge2Columns(looks: readonly RecordedLook[]): Judge2Columns {
  const used = COLUMNS.filter(({ is }) => looks.some(({ judgement }) => is(judgement.numbers)))
  return {
    heads: used.map(({ head }) => head),
    cells: (numbers) => used.map(({ of }) => of(numbers)),
    note: used.length > 0 && html`<p class="note">${used.map(({ about }) => about).join(' ')}</p>`,
  }
}
