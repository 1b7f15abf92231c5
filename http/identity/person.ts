import type { Caller, Role } from '../access/tokens.js'
import type { IdentitySettings } from './settings.js'

export type Claims = Readonly<Record<string, unknown>>

const LONGEST_NAME = 200

/** @returns the person that the claims of a verified token name, with the roles of their groups; or what is missing */
export function personOf({ nameClaim, groupsClaim, roles }: IdentitySettings, claims: Claims): Caller | string {
  const name = claims[nameClaim]
  if (typeof name !== 'string' || name.trim() === '')
    return `the token has no claim ${nameClaim}, which names its owner`
  if (name.length > LONGEST_NAME) return `the claim ${nameClaim} has more than ${LONGEST_NAME} characters`
  const groups = new Set(grantedGroups({ groupsClaim, roles }, claims))
  const granted = roles.filter(({ group }) => groups.has(group))
  const may = (role: Role, project?: string): boolean =>
    granted.some(
      (one) =>
        (one.roles.includes('operate') || one.roles.includes(role)) &&
        // What belongs to no project needs a role for all of them.
        (one.projects === undefined || (project !== undefined && one.projects.includes(project))),
    )
  return { name: name.trim(), kind: 'person', may }
}

/** Groups of the claims that have a role. */
export function grantedGroups({ groupsClaim, roles }: Pick<IdentitySettings, 'groupsClaim' | 'roles'>, claims: Claims) {
  const claimed = claims[groupsClaim]
  const groups = new Set<unknown>(Array.isArray(claimed) ? claimed : [claimed])
  return [...new Set(roles.map(({ group }) => group))].filter((group) => groups.has(group))
}
