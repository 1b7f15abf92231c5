/** Fields of the forms on policies: what each is, how its text is read, and its input. They are sent in the address. */
import type { TextRule } from '../../contracts/text-rules.js'
import { html, type Markup } from '../html.js'

export interface Field<T> {
  readonly label: string
  readonly hint?: string
  /** Before anything was typed. */
  readonly initial: string
  readonly rule: TextRule<T>
  /** Characters; a longer text is no value, and is shown again as it was typed. 200 when absent. */
  readonly longest?: number
}

export type Fields = Readonly<Record<string, Field<unknown>>>

export type ValuesOf<Of extends Fields> = { [Name in keyof Of]: Of[Name] extends Field<infer T> ? T : never }

export interface Typed<Of extends Fields> {
  readonly texts: Readonly<Record<string, string>>
  /** What is wrong, by field; empty when nothing is. */
  readonly problems: Readonly<Record<string, string>>
  /** Null while anything is wrong. */
  readonly values: ValuesOf<Of> | null
}

const LONGEST = 200

/** @param asked null: nothing was typed */
export function readFields<Of extends Fields>(fields: Of, asked: URLSearchParams | null): Typed<Of> {
  const texts: Record<string, string> = {}
  const problems: Record<string, string> = {}
  const values: Record<string, unknown> = {}
  for (const [name, { initial, rule, longest = LONGEST }] of Object.entries(fields)) {
    const given = asked?.getAll(name) ?? []
    const text = given[0] ?? (asked === null ? initial : '')
    texts[name] = text
    if (asked === null) continue
    const read = rule(text.trim())
    if (given.length > 1) problems[name] = 'It is given more than once.'
    else if (text.length > longest) problems[name] = `It has ${text.length} characters; at most ${longest} are read.`
    else if ('problem' in read) problems[name] = read.problem
    else values[name] = read.value
  }
  const complete = asked !== null && Object.keys(problems).length === 0
  return { texts, problems, values: complete ? (values as ValuesOf<Of>) : null }
}

/** An empty text is no value. */
export const optional =
  <T>(rule: TextRule<T>): TextRule<T | undefined> =>
  (text) =>
    text === '' ? { value: undefined } : rule(text)

/** @param form name of the form, which its ids begin with */
export const inputsOf = <Of extends Fields>(form: string, fields: Of, { texts, problems }: Typed<Of>): Markup =>
  html`${Object.entries(fields).map(([name, { label, hint }]) =>
    inputOf({ id: `${form}-${name}`, name, label, text: texts[name] ?? '', problem: problems[name], hint }),
  )}`

interface Input {
  readonly id: string
  readonly name: string
  readonly label: string
  readonly text: string
  readonly problem?: string | undefined
  readonly hint?: string | undefined
}

export const inputOf = ({ id, name, label, text, problem, hint }: Input): Markup =>
  html`<p><label for="${id}">${label}</label>
<input id="${id}" name="${name}" value="${text}" autocomplete="off" aria-describedby="${id}-rule"${problem !== undefined && html` aria-invalid="true"`}>
<span class="${problem === undefined ? 'note' : 'bad'}" id="${id}-rule">${problem ?? hint ?? ''}</span></p>`

/** What is wrong with a form, for screen readers too. */
export const problemBlock = (problem: string | null): Markup | false =>
  problem !== null &&
  html`<p class="warning" role="alert" id="problem"><strong>Nothing was computed.</strong> ${problem}</p>`

export const fieldProblem = ({ problems }: Typed<Fields>, fields: Fields): string | null => {
  const wrong = Object.entries(problems).map(([name, problem]) => `${fields[name]?.label ?? name}: ${problem}`)
  return wrong.length === 0 ? null : wrong.join(' ')
}
