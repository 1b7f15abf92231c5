/** The policy of a form: the fields that are changed most, as inputs, and any other as JSON. */
import { decimalOf } from '../../contracts/decimal.js'
import { SlipwayError } from '../../contracts/failure.js'
import { differencesBetween } from '../../contracts/release-content.js'
import type { PromotionPolicy } from '../../contracts/types.js'
import { changedPolicy, policyOfText } from '../../releases/policy/change-policy.js'
import { html, type Markup, table } from '../html.js'
import { typed } from '../parts.js'
import { inputOf } from './form-fields.js'

/** With `judge.` for a field of the judge; those are numbers, the others durations. */
const CHANGED_MOST = {
  alpha: ['judge', 'alpha'],
  nonInferiorityMargin: ['judge', 'non-inferiority margin'],
  harmMargin: ['judge', 'harm margin'],
  minMature: ['judge', 'final labels in each arm'],
  minCoverage: ['judge', 'label coverage'],
  lookEvery: ['policy', 'a look every'],
  deadline: ['policy', 'deadline'],
} as const

type Name = keyof typeof CHANGED_MOST
const NAMES = Object.keys(CHANGED_MOST) as Name[]

/** In an address, encoded; more would not fit into the headers that the service takes. */
const LONGEST_CHANGES = 4_000

const textIn = (policy: PromotionPolicy, name: Name): string => {
  const holder: object = CHANGED_MOST[name][0] === 'judge' ? policy.judge : policy
  return String((Reflect.get(holder, name) as string | number | undefined) ?? '')
}

/** @param asked null: nothing was typed, and the fields are those of `base` */
export function policyInputs(form: string, base: PromotionPolicy, asked: URLSearchParams | null): Markup {
  const changes = asked?.get('changes') ?? ''
  const text = (name: Name) => asked?.get(name) ?? textIn(base, name)
  const inputs = NAMES.map((name) =>
    inputOf({
      id: `${form}-${name}`,
      name,
      label: CHANGED_MOST[name][1],
      text: text(name),
      hint: `${base.name}: ${textIn(base, name) || 'none'}`,
    }),
  )
  return html`${inputs}<p class="wide"><label for="${form}-changes">Other fields, as JSON</label>
<textarea id="${form}-changes" name="changes" rows="3" maxlength="${LONGEST_CHANGES}" spellcheck="false" aria-describedby="${form}-changes-rule">
${changes}</textarea><span class="note" id="${form}-changes-rule">Such as {"judge":{"objective":"superiority"}}. A whole policy replaces all of the above. Empty: no other change.</span></p>`
}

/** An empty field, and one with the text of `base`, changes nothing. @throws SlipwayError BadRequest */
export function policyOfFields(base: PromotionPolicy, asked: URLSearchParams): PromotionPolicy {
  const judge: Record<string, number> = {}
  const durations: Record<string, string> = {}
  for (const name of NAMES) {
    const text = once(asked, name).trim()
    if (text === '' || text === textIn(base, name)) continue
    if (CHANGED_MOST[name][0] === 'policy') durations[name] = text
    else judge[name] = numberOf(name, text)
  }
  const changed = changedPolicy(base, { ...durations, ...(Object.keys(judge).length > 0 ? { judge } : {}) }, 'policy')
  const more = once(asked, 'changes')
  if (more.length > LONGEST_CHANGES)
    throw new SlipwayError('BadRequest', `other fields: ${more.length} characters; at most ${LONGEST_CHANGES} are read`)
  return more.trim() === '' ? changed : policyOfText(changed, more)
}

function numberOf(name: Name, text: string): number {
  const value = decimalOf(text)
  if (Number.isNaN(value)) throw new SlipwayError('BadRequest', `${CHANGED_MOST[name][1]}: “${text}” is not a number`)
  return value
}

function once(asked: URLSearchParams, name: string): string {
  const given = asked.getAll(name)
  if (given.length > 1) throw new SlipwayError('BadRequest', `${name} is given more than once`)
  return given[0] ?? ''
}

/** Which fields of the policy differ from the one it was made from. */
export function changesBlock(base: PromotionPolicy, policy: PromotionPolicy): Markup {
  const rows = differencesBetween('policy', base, policy)
  if (rows.length === 0) return html`<p>Policy <code>${base.name}</code>, with no field changed.</p>`
  const shown = (value: unknown) => typed(value === null ? '–' : JSON.stringify(value), 300)
  return html`<p>Policy <code>${base.name}</code>, changed:</p>${table(
    ['field', 'was', 'is'],
    rows.map(({ field, first, asked }) => [field.slice('policy.'.length), shown(first), shown(asked)]),
  )}`
}
