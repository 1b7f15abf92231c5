import type { Label, Project } from '../projects/project.js'

/** Why a label cannot be one of this project's; undefined when it can. */
export function labelProblem({ name, labelSchema }: Project, label: Label): string | undefined {
  const parsed = labelSchema?.safeParse(label)
  if (!parsed || parsed.success) return undefined
  const [issue] = parsed.error.issues
  const place = ['label', ...(issue?.path ?? [])].join('.')
  return `it does not fit ${name}: ${place} ${issue?.message}`
}
