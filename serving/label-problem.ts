import { issueText } from '../contracts/issue-text.js'
import { recordable } from '../contracts/recordable-text.js'
import type { Project } from '../projects/project.js'

/** In characters, of a name in a label. */
const LONGEST_NAME = 200
const FORM = `must be a number, or numbers by name; a name has 1 to ${LONGEST_NAME} characters, no NUL, no lone surrogate, and is not __proto__`

/** Why a value cannot be a label of this project; undefined when it can. */
export function labelProblem({ name, labelSchema }: Project, label: unknown): string | undefined {
  const [issue] = labelSchema?.safeParse(label).error?.issues ?? []
  if (!issue && isLabel(label)) return undefined
  return `it does not fit ${name}: ${issueText('label', label, issue ?? { path: [], message: FORM })}`
}

/** What the registry stores and returns unchanged. */
function isLabel(label: unknown): boolean {
  if (typeof label === 'number') return Number.isFinite(label)
  if (typeof label !== 'object' || label === null || Array.isArray(label)) return false
  return Object.entries(label).every(([name, value]) => isName(name) && Number.isFinite(value))
}

/** A schema passes over `__proto__`, and it is lost in a copy. */
const isName = (name: string): boolean =>
  name !== '' && name.length <= LONGEST_NAME && name !== '__proto__' && name === recordable(name)
