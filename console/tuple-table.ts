/** The parts of two release tuples beside each other; what differs is marked, in words too. */
import type { ReleaseRecord } from '../registry/index.js'
import { html, type Markup, number, table } from './html.js'

const PARTS = ['snapshot', 'features', 'model', 'action policy', 'gates', 'monitor', 'promotion policy']

const partsOf = ({ manifest }: Pick<ReleaseRecord, 'manifest'>): string[] => [
  manifest.snapshot,
  manifest.featureVersion,
  `${manifest.model.kind} (${manifest.model.format}) ${manifest.model.artifact}`,
  `${manifest.actionPolicy.version}: ${pairs(manifest.actionPolicy.parameters)}`,
  manifest.gates.version,
  manifest.monitor.version,
  manifest.promotionPolicy.name,
]

type Tuple = Pick<ReleaseRecord, 'manifest'> | null

/** @param names of the two columns */
export function tupleTable(names: readonly [string, string], [mine, theirs]: readonly [Tuple, Tuple]): Markup {
  const [first, second] = [mine && partsOf(mine), theirs && partsOf(theirs)]
  const differs = (at: number) => first !== null && second !== null && first[at] !== second[at]
  const rows = PARTS.map((part, at) => [
    part,
    first?.[at] ?? '–',
    second?.[at] ?? '–',
    differs(at) ? html`<strong>differs</strong>` : first && second ? 'same' : '–',
  ])
  return table(['part', ...names, ''], rows, undefined, differs)
}

export const pairs = (values: object): string =>
  Object.entries(values)
    .map(([name, value]) => `${name} ${typeof value === 'number' ? number(value) : value}`)
    .join(', ')
