/**
 * The largest body of a request: the limit of the service, and more where a project's own schema lets an input be
 * larger.
 */
import { z } from 'zod'

interface Limits {
  /** Of every request. */
  readonly bodyBytes: number
  /** Whether the decisions of a project may have as many bytes more as its input schema permits. */
  readonly bodiesFollowProjects?: boolean | undefined
}

/** Its body goes into a file, and is counted there. */
const SNAPSHOTS = /^\/v1\/projects\/[^/]+\/snapshots$/

export const isUpload = (path: string): boolean => SNAPSHOTS.test(path)

const DECISIONS = /^\/v1\/projects\/([^/]+)\/decisions$/

/** @returns the limit in bytes for a path; infinity where the route counts */
export function bodyLimits(
  projects: ReadonlyMap<string, { readonly inputSchema?: z.ZodType | undefined }>,
  { bodyBytes, bodiesFollowProjects = false }: Limits,
): (path: string) => number {
  const larger = new Map<string, number>()
  if (bodiesFollowProjects)
    for (const [name, { inputSchema }] of projects)
      if (inputSchema) larger.set(name, bodyBytes + statedBytes(jsonSchemaOf(inputSchema)))
  return (path) =>
    isUpload(path) ? Number.POSITIVE_INFINITY : (larger.get(DECISIONS.exec(path)?.[1] ?? '') ?? bodyBytes)
}

interface Described {
  readonly maxLength?: number
  readonly maxItems?: number
  readonly properties?: Readonly<Record<string, Described>>
  readonly items?: Described
  readonly anyOf?: readonly Described[]
}

const jsonSchemaOf = (schema: z.ZodType): Described =>
  z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input', reused: 'inline' }) as Described

/** What the limits of the schema add up to, in characters of which most are one byte. Without a limit: nothing. */
function statedBytes({ maxLength = 0, maxItems = 1, properties = {}, items, anyOf = [] }: Described): number {
  const ofProperties = Object.values(properties).reduce((sum, inner) => sum + statedBytes(inner), 0)
  const ofItems = items === undefined ? 0 : maxItems * statedBytes(items)
  return maxLength + ofProperties + ofItems + Math.max(0, ...anyOf.map(statedBytes))
}
