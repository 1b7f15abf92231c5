/** The file of SLIPWAY_IDENTITY: which issuer proves names, and which of its groups has which role. */
import { z } from 'zod'
import { SlipwayError } from '../../contracts/failure.js'
import { readNamedFile } from '../../contracts/named-file.js'
import { parseOrRefuse } from '../../contracts/parse.js'
import { projectName } from '../../contracts/schemas/common.js'
import { jsonOf } from '../../contracts/utf8.js'
import { LOOPBACK } from '../access/loopback.js'
import { ROLES } from '../access/tokens.js'

const isSafe = (issuer: string): boolean => {
  const { protocol, hostname } = new URL(issuer)
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.has(hostname))
}

const mapping = z
  .strictObject({
    group: z.string().min(1).describe('A value of the groups claim.'),
    roles: z.array(z.enum(ROLES)).min(1).describe('What its members may do; `operate` includes the others.'),
    projects: z.array(projectName).min(1).optional().describe('Only for these projects. Absent: for all.'),
  })
  .describe('The roles of a group.')

const login = z
  .strictObject({
    clientId: z.string().min(1).describe('The client of this service at the issuer.'),
    publicUrl: z
      .url()
      .refine(isSafe, 'must begin with https:// unless it is on this machine')
      .describe('The address of this service in browsers; the issuer sends them back to its path `/callback`.'),
    scope: z
      .string()
      .regex(/\bopenid\b/, 'must contain openid')
      .default('openid offline_access')
      .describe('What is asked for; `offline_access` lets a session last. Default: `openid offline_access`.'),
    prompt: z.string().min(1).optional().describe('The parameter `prompt`, where the issuer needs one.'),
  })
  .describe('Login in browsers. Absent: only bearer tokens.')

export const identitySettings = z
  .strictObject({
    issuer: z
      .url()
      .refine(isSafe, 'must begin with https:// unless it is on this machine')
      .describe('The OpenID issuer, as in the claim `iss`.'),
    audience: z.string().min(1).describe('What the claim `aud` of a bearer token must contain.'),
    nameClaim: z
      .string()
      .min(1)
      .default('sub')
      .describe('The claim that names the person in the record; it must be unique at the issuer. Default: `sub`.'),
    groupsClaim: z.string().min(1).default('groups').describe('The claim that lists the groups. Default: `groups`.'),
    login: login.optional(),
    roles: z.array(mapping).min(1).describe('Which groups have which roles.'),
  })
  .describe('How the decision service proves names: an OpenID issuer, and the roles of its groups.')
export type IdentitySettings = z.infer<typeof identitySettings>

/** @throws SlipwayError BadRequest naming file and field */
export function readIdentitySettings(file: string): IdentitySettings {
  const bytes = readNamedFile(file, 'SLIPWAY_IDENTITY', 'name the JSON file with issuer and roles')
  let value: unknown
  try {
    value = jsonOf(bytes)
  } catch (error) {
    throw new SlipwayError('BadRequest', `SLIPWAY_IDENTITY ${file} is not JSON: ${(error as Error).message}`)
  }
  return parseOrRefuse(identitySettings, value, `SLIPWAY_IDENTITY ${file}`)
}
